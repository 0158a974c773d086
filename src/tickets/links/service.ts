import { isDuplicateKey, trusted } from '../../db/schema-options.js';
import { conflict, notFound, providerError } from '../../http/problem.js';
import type { ProviderRegistry } from '../../providers/registry.js';
import { appendCommand } from '../commands/append.js';
import type { Doorbell } from '../doorbell.js';
import { requireReady } from '../require-ready.js';
import type { TicketStore } from '../store.js';
import type { SubjectRef, SubjectSnapshot, SubjectSources } from '../subject.js';
import { isApplied } from './is-applied.js';
import type { LinkDoc } from './model.js';
import { newLink, sweepAfterMs } from './new-link.js';

export interface LinkServiceDeps {
  store: TicketStore;
  providers: ProviderRegistry;
  subjects: SubjectSources;
  doorbell: Doorbell;
}

export type LinkService = ReturnType<typeof createLinkService>;

/** Lost races between linking and unlinking, before it is called a conflict. */
const linkingRaces = 5;

/** Linking a subject to a ticket, closing and unlinking it. Answers are read from MongoDB after the workflow was rung. */
export function createLinkService({ store, providers, subjects, doorbell }: LinkServiceDeps) {
  const { links, commands } = store;

  const findLive = (orgId: string, subject: SubjectRef): Promise<LinkDoc | null> =>
    links
      .findOne({ org_id: orgId, 'subject.type': subject.type, 'subject.id': subject.id, live: true })
      .lean<LinkDoc | null>()
      .exec();

  async function requireLive(orgId: string, subject: SubjectRef): Promise<LinkDoc> {
    const link = await findLive(orgId, subject);
    if (link) return link;
    const source = sourceOf(subject);
    throw notFound((await source.exists(orgId, subject.id)) ? `ticket: the ${source.label} has none` : source.label);
  }

  function sourceOf(subject: SubjectRef) {
    const source = subjects[subject.type];
    if (!source) throw notFound('subject');
    return source;
  }

  /**
   * Links are inserted once, each under the number behind the last one's, which is claimed by the insert itself. What is
   * there already decides what a second try means.
   */
  async function insertOrRetry(fresh: LinkDoc): Promise<LinkDoc> {
    let link = fresh;
    for (let race = 0; race < linkingRaces; race++) {
      try {
        // Lean: it was made here, field by field, and nothing is to be cast.
        await links.insertMany([link], { lean: true });
        return link;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const last = await findLast(link.org_id, link.subject);
      if (!last) continue;
      const retried = last.live ? await retryFailedCreate(last, link) : null;
      if (retried) return retried;
      // The same request again, after a crash: it is this very link.
      if (last._id === link._id) return last;
      if (last.live) {
        throw conflict(
          'ticket_exists',
          `This subject is linked already, to the ticket ${last.external_id ?? last._id}.`,
        );
      }
      link = { ...link, nth: last.nth + 1 };
    }
    throw conflict('ticket_exists', 'This subject is being linked and unlinked at the same time. Try again.');
  }

  const findLast = (orgId: string, subject: SubjectRef): Promise<LinkDoc | null> =>
    links
      .findOne({ org_id: orgId, 'subject.type': subject.type, 'subject.id': subject.id })
      .sort({ nth: -1 })
      .lean<LinkDoc | null>()
      .exec();

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
            draft: fresh.draft,
            ring_after: fresh.ring_after,
            updated_at: fresh.updated_at,
          },
        },
        { returnDocument: 'after' },
      )
      .lean<LinkDoc | null>();
    if (!retried) return null;
    await commands.updateMany({ link_id: retried._id, status: 'held' }, { $set: { status: 'pending' } });
    // The wait for seq 1 may join one that asks for a later command, and began before this.
    doorbell.ring(retried);
    return retried;
  }

  /** Whether the tracker has closed it, or is still to be told. One that was refused is neither. */
  async function isClosingKnown(link: LinkDoc): Promise<boolean> {
    if (link.close_applied) return true;
    const due = trusted({ $in: ['pending', 'held'] });
    return (await commands.exists({ link_id: link._id, 'payload.kind': 'close', status: due })) !== null;
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
      const source = sourceOf(subject);
      const draft: SubjectSnapshot | null = await source.snapshot(orgId, subject.id);
      if (!draft) throw notFound(source.label);
      const provider = providers.defaultName;
      requireReady(providers, provider);
      const inserted = await insertOrRetry(newLink({ id, orgId, subject, provider, draft }));
      await doorbell.wait(inserted, 1, () => isApplied(links, inserted._id, 1));
      const link = (await links.findById(inserted._id).lean<LinkDoc | null>()) ?? inserted;
      if (link.create_status === 'failed') throw providerError(link.last_error ?? 'The tracker refused the ticket.');
      return link;
    },

    /** Closes the ticket; closing a closed one changes nothing, unless the tracker has refused it before. */
    async close(orgId: string, subject: SubjectRef): Promise<LinkDoc> {
      const link = await requireLive(orgId, subject);
      requireReady(providers, link.provider);
      if (link.state === 'closed' && link.sync_state !== 'error' && (await isClosingKnown(link))) return link;
      const { command } = await appendCommand(commands, link, { payload: { kind: 'close' } });
      const now = new Date();
      // Only until it is applied: the workflow may have been quicker than this write.
      await links.updateOne(
        {
          _id: link._id,
          live: true,
          applied_seq: trusted({ $lt: command.seq }),
          create_status: trusted({ $ne: 'failed' }),
        },
        { $set: { state: 'closed', closed_at: link.closed_at ?? now, sync_state: 'pending', updated_at: now } },
      );
      await links.updateOne(
        { _id: link._id, live: true, create_status: 'failed' },
        { $set: { state: 'closed', closed_at: link.closed_at ?? now, updated_at: now } },
      );
      await doorbell.wait(link, command.seq, () => isApplied(links, link._id, command.seq));
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
              ring_after: new Date(now.getTime() + sweepAfterMs),
            },
          },
          { returnDocument: 'after' },
        )
        .lean<LinkDoc | null>();
      if (!link) {
        await requireLive(orgId, subject);
        return;
      }
      doorbell.ring(link, { interrupt: true });
    },
  };
}
