import type { Timings } from '../../config/index.js';
import type { TicketProviders } from '../../integrations/connections/ticket-providers.js';
import { isDuplicateKey } from '../../db/errors.js';
import type { TicketStore } from '../store.js';
import type { SubjectRef, SubjectSources } from '../subject.js';
import type { LinkDoc } from './model.js';
import { newLink } from './new-link.js';
import { environmentScope } from '../../integrations/environment-scope.js';

export interface LinkOpenerDeps {
  store: TicketStore;
  subjects: SubjectSources;
  providers: TicketProviders;
  timings: Pick<Timings, 'sweep'>;
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
  { subjects, providers, timings }: Omit<LinkOpenerDeps, 'store'>,
  { orgId, subject, id }: LinkRequest,
): Promise<LinkDoc | null> {
  const draft = await subjects[subject.type].snapshot(orgId, subject.id);
  if (!draft) return null;
  const chosen = await providers.choose(orgId, draft.connectionId);
  return newLink({ id, orgId, subject, ...chosen, draft, sweepAfterMs: timings.sweep.graceMs });
}

/**
 * Links are inserted once, each under the number behind the last one's, which is claimed by the insert itself. What is
 * there already decides what a second try means: this very link (unlinked since, perhaps), or another's that is live.
 * @returns with whether this very call has inserted it; null when the subject is linked and unlinked all the time
 */
async function insertOnce(
  { links }: TicketStore,
  fresh: LinkDoc,
): Promise<(OpenedLink & { inserted: boolean }) | null> {
  let link = fresh;
  for (let race = 0; race < linkingRaces; race++) {
    try {
      // Lean: it was made here, field by field, and nothing is to be cast.
      await links.insertMany([link], { lean: true });
      return { link, opened: true, inserted: true };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const last = await links
      .findOne({ org_id: link.org_id, 'subject.type': link.subject.type, 'subject.id': link.subject.id })
      .sort({ nth: -1 })
      .lean<LinkDoc | null>();
    if (!last) continue;
    if (last.live || last._id === link._id) return { link: last, opened: last._id === link._id, inserted: false };
    // The same request again, after it was unlinked and others came and went: it is not to be linked once more.
    const own = await links.findById(link._id).lean<LinkDoc | null>();
    if (own) return { link: own, opened: true, inserted: false };
    link = { ...link, nth: last.nth + 1 };
  }
  return null;
}

/**
 * Inserts a link on a connection that stays. One that is being deleted does not see a link that is inserted behind its back,
 * so who inserts looks at the connection afterwards, and takes the link back.
 * @returns null when the subject is linked and unlinked all the time
 */
export async function insertLink(
  { store, providers }: Pick<LinkOpenerDeps, 'store' | 'providers'>,
  fresh: LinkDoc,
): Promise<OpenedLink | null> {
  let link = fresh;
  for (;;) {
    const opened = await insertOnce(store, link);
    if (!opened) return null;
    const { inserted, ...known } = opened;
    if (!inserted || (await providers.connectionExists(known.link.connection_id))) return known;
    // No other process knows of the link yet, so none wakes its workflow in the meantime.
    await store.links.deleteOne({ _id: link._id, create_status: 'pending', tries: 0, applied_seq: 0 });
    link = { ...fresh, ...(await targetOf(providers, fresh)) };
  }
}

/** Where the ticket of a link is to be, by now. */
export async function targetOf(
  providers: TicketProviders,
  { org_id, draft }: LinkDoc,
): Promise<Pick<LinkDoc, 'provider' | 'connection_id' | 'scope'>> {
  const { provider, connectionId } = await providers.choose(org_id, draft.connectionId);
  return { provider, connection_id: connectionId, scope: connectionId ?? environmentScope };
}

/**
 * Links a subject to a ticket that is still to be made. It neither waits nor wakes the workflow: the caller does, else the
 * sweep. Runs twice without harm. A provider without its keys is no error here: the link stays pending, and says why.
 * @returns null when there is no such subject
 */
export async function openLink(deps: LinkOpenerDeps, request: LinkRequest): Promise<OpenedLink | null> {
  const fresh = await draftLink(deps, request);
  if (!fresh) return null;
  const opened = await insertLink(deps, fresh);
  if (!opened) throw new Error(`${request.subject.id} is being linked and unlinked at the same time.`);
  return opened;
}
