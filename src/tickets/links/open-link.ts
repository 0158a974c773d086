import { isDuplicateKey } from '../../db/schema-options.js';
import type { ProviderRegistry } from '../../providers/registry.js';
import type { TicketStore } from '../store.js';
import type { SubjectRef, SubjectSources } from '../subject.js';
import type { LinkDoc } from './model.js';
import { newLink } from './new-link.js';

export interface LinkOpenerDeps {
  store: TicketStore;
  subjects: SubjectSources;
  providers: ProviderRegistry;
}

export interface LinkRequest {
  orgId: string;
  subject: SubjectRef;
  /** `tkt_…`; the same id is the same link, however often it is asked for. */
  id: string;
}

export interface OpenedLink {
  link: LinkDoc;
  /** False: the subject was linked already, and this is that link. */
  opened: boolean;
}

/** Lost races between linking and unlinking, before it is given up. */
const linkingRaces = 5;

/** A link as it would be inserted, with the text and the provider of now; null when there is no such subject. */
export async function draftLink(
  { subjects, providers }: Pick<LinkOpenerDeps, 'subjects' | 'providers'>,
  { orgId, subject, id }: LinkRequest,
): Promise<LinkDoc | null> {
  const draft = await subjects[subject.type].snapshot(orgId, subject.id);
  return draft && newLink({ id, orgId, subject, provider: providers.defaultName, draft });
}

/**
 * Links are inserted once, each under the number behind the last one's, which is claimed by the insert itself. What is
 * there already decides what a second try means: this very link (unlinked since, perhaps), or another's that is live.
 * @returns null when the subject is linked and unlinked all the time
 */
export async function insertLink({ links }: TicketStore, fresh: LinkDoc): Promise<OpenedLink | null> {
  let link = fresh;
  for (let race = 0; race < linkingRaces; race++) {
    try {
      // Lean: it was made here, field by field, and nothing is to be cast.
      await links.insertMany([link], { lean: true });
      return { link, opened: true };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const last = await links
      .findOne({ org_id: link.org_id, 'subject.type': link.subject.type, 'subject.id': link.subject.id })
      .sort({ nth: -1 })
      .lean<LinkDoc | null>();
    if (!last) continue;
    if (last.live || last._id === link._id) return { link: last, opened: last._id === link._id };
    // The same request again, after it was unlinked and others came and went: it is not to be linked once more.
    const own = await links.findById(link._id).lean<LinkDoc | null>();
    if (own) return { link: own, opened: true };
    link = { ...link, nth: last.nth + 1 };
  }
  return null;
}

/**
 * Links a subject to a ticket that is still to be made, without waiting and without a ring: who calls rings, else the
 * sweep does. Runs twice without harm. A provider without its keys is no error here: the link stays pending, and says why.
 * @returns null when there is no such subject
 */
export async function openLink(deps: LinkOpenerDeps, request: LinkRequest): Promise<OpenedLink | null> {
  const fresh = await draftLink(deps, request);
  if (!fresh) return null;
  const opened = await insertLink(deps.store, fresh);
  if (!opened) throw new Error(`${request.subject.id} is being linked and unlinked at the same time.`);
  return opened;
}
