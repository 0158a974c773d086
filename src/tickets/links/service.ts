import type { Timings } from '../../config/index.js';
import type { TicketProviders } from '../../integrations/connections/ticket-providers.js';
import { trusted } from '../../db/schema-options.js';
import { conflict, notFound, providerError } from '../../http/problem.js';
import { newId } from '../../lib/ids.js';
import type { TicketSignaler } from '../../temporal/ticket-signaler.js';
import { requireReady } from '../require-ready.js';
import type { TicketStore } from '../store.js';
import type { SubjectRef, SubjectSources } from '../subject.js';
import { findLiveLink } from './find-live.js';
import { isApplied } from './is-applied.js';
import type { LinkDoc } from './model.js';
import { draftLink, insertLink, targetOf } from './open-link.js';
import { requestClose } from './request-close.js';

export interface LinkServiceDeps {
  store: TicketStore;
  providers: TicketProviders;
  subjects: SubjectSources;
  signaler: TicketSignaler;
  timings: Pick<Timings, 'sweep'>;
}

export type LinkService = ReturnType<typeof createLinkService>;

/** Linking a subject to a ticket, closing and unlinking it. Answers are read from MongoDB after the workflow was woken. */
export function createLinkService({ store, providers, subjects, signaler, timings }: LinkServiceDeps) {
  const { links, commands } = store;

  const findLive = (orgId: string, subject: SubjectRef) => findLiveLink(store, orgId, subject);

  async function requireLive(orgId: string, subject: SubjectRef): Promise<LinkDoc> {
    const link = await findLive(orgId, subject);
    if (link) return link;
    const source = subjects[subject.type];
    throw notFound((await source.exists(orgId, subject.id)) ? `ticket: the ${source.label} has none` : source.label);
  }

  /** Inserts the link, or tries the one again that the tracker refused. @throws 409 `ticket_exists` */
  async function insertOrRetry(fresh: LinkDoc): Promise<LinkDoc> {
    const inserted = await insertLink({ store, providers }, fresh);
    if (!inserted) {
      throw conflict('ticket_exists', 'This subject is being linked and unlinked at the same time. Try again.');
    }
    const { link, opened } = inserted;
    const retried = link.live && link.create_status === 'failed' ? await retryFailedCreate(link, fresh) : null;
    if (retried) return retried;
    if (opened) return link;
    throw conflict('ticket_exists', `This subject is linked already, to the ticket ${link.external_id ?? link._id}.`);
  }

  /** The connection was deleted in the same moment: nobody has tried it there yet. */
  async function moveToAnother(link: LinkDoc): Promise<void> {
    const untouched = { _id: link._id, create_status: 'pending', tries: 0 } as const;
    await links.updateOne(untouched, { $set: await targetOf(providers, link) });
  }

  /** A create that the tracker refused finally is tried again, with the text and the provider of now. */
  async function retryFailedCreate(existing: LinkDoc, fresh: LinkDoc): Promise<LinkDoc | null> {
    const retried = await links
      .findOneAndUpdate(
        { _id: existing._id, live: true, create_status: 'failed' },
        {
          $set: {
            create_status: 'pending',
            sync_state: 'pending',
            last_error: null,
            tries: 0,
            next_try_at: null,
            provider: fresh.provider,
            connection_id: fresh.connection_id,
            scope: fresh.scope,
            draft: fresh.draft,
            ring_after: fresh.ring_after,
            updated_at: fresh.updated_at,
          },
        },
        { returnDocument: 'after' },
      )
      .lean<LinkDoc | null>();
    if (!retried) return null;
    if (!(await providers.connectionExists(fresh.connection_id))) await moveToAnother(retried);
    await commands.updateMany({ link_id: retried._id, status: 'held' }, { $set: { status: 'pending' } });
    // The wait for seq 1 may join one that asks for a later command, and began before this.
    void signaler.wake(retried);
    return retried;
  }

  return {
    findLive,
    requireLive,

    /** The live links of these subjects, by subject id. */
    async ofSubjects(orgId: string, type: SubjectRef['type'], ids: string[]): Promise<Map<string, LinkDoc>> {
      const found = await links
        .find({ org_id: orgId, 'subject.type': type, 'subject.id': trusted({ $in: ids }), live: true })
        .lean<LinkDoc[]>();
      return new Map(found.map((link) => [link.subject.id, link]));
    },

    /** Opens a ticket. @throws 404, 409 `ticket_exists`, 502, 503 */
    async create(orgId: string, subject: SubjectRef, id: string): Promise<LinkDoc> {
      const fresh = await draftLink({ subjects, providers, timings }, { orgId, subject, id });
      if (!fresh) throw notFound(subjects[subject.type].label);
      await requireReady(providers, fresh);
      const inserted = await insertOrRetry(fresh);
      await signaler.wait(inserted, 1, () => isApplied(links, inserted._id, 1));
      const link = (await links.findById(inserted._id).lean<LinkDoc | null>()) ?? inserted;
      if (link.create_status === 'failed') throw providerError(link.last_error ?? 'The tracker refused the ticket.');
      return link;
    },

    /** Closes the ticket; closing a closed one changes nothing, unless the tracker has refused it before. */
    async close(orgId: string, subject: SubjectRef): Promise<LinkDoc> {
      const link = await requireLive(orgId, subject);
      await requireReady(providers, link);
      const command = await requestClose(store, link, { commandId: newId('cmd') });
      if (!command) return link;
      await signaler.wait(link, command.seq, () => isApplied(links, link._id, command.seq));
      const settled = await commands.findById(command._id).lean();
      if (settled?.status === 'failed')
        throw providerError(settled.error ?? 'The tracker refused to close the ticket.');
      return (await links.findById(link._id).lean<LinkDoc | null>()) ?? link;
    },

    /** Unlinks: stamped first, so that what the tracker may still make is never linked. */
    async unlink(orgId: string, subject: SubjectRef): Promise<void> {
      const now = new Date();
      const link = await links
        .findOneAndUpdate(
          { org_id: orgId, 'subject.type': subject.type, 'subject.id': subject.id, live: true },
          {
            $set: {
              live: false,
              detached_at: now,
              updated_at: now,
              ring_after: new Date(now.getTime() + timings.sweep.graceMs),
            },
          },
          { returnDocument: 'after' },
        )
        .lean<LinkDoc | null>();
      if (!link) {
        await requireLive(orgId, subject);
        return;
      }
      void signaler.wake(link, { interrupt: true });
    },
  };
}
