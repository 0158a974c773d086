import type { TicketProviders } from '../../integrations/connections/ticket-providers.js';
import { isDuplicateKey } from '../../db/errors.js';
import { notFound, providerError } from '../../http/problem.js';
import type { TicketSignaler } from '../../temporal/ticket-signaler.js';
import { isApplied } from '../links/is-applied.js';
import type { LinkDoc } from '../links/model.js';
import type { LinkService } from '../links/service.js';
import { requireReady } from '../require-ready.js';
import type { TicketStore } from '../store.js';
import type { SubjectRef, SubjectSources } from '../subject.js';
import { commentSeed } from './from-command.js';
import type { CommentDoc } from './model.js';
import { requestComment } from './request-comment.js';
import { readThread, type ThreadCursor } from './thread.js';

export interface CommentServiceDeps {
  store: TicketStore;
  providers: TicketProviders;
  subjects: SubjectSources;
  signaler: TicketSignaler;
  links: LinkService;
}

export type CommentService = ReturnType<typeof createCommentService>;

export interface NewComment {
  orgId: string;
  subject: SubjectRef;
  /** `cmt_…`; the same id is the same comment. */
  id: string;
  author: string;
  body: string;
}

/** A subject's thread: it outlives links, and goes to the tracker while there is one. */
export function createCommentService({ store, providers, subjects, signaler, links }: CommentServiceDeps) {
  const { comments, commands } = store;

  async function requireSubject(orgId: string, subject: SubjectRef): Promise<void> {
    const source = subjects[subject.type];
    if (!(await source.exists(orgId, subject.id))) throw notFound(source.label);
  }

  async function addWithoutLink(comment: NewComment): Promise<CommentDoc> {
    const unsent: CommentDoc = {
      ...commentSeed({ org_id: comment.orgId, link_id: '', at: new Date(), seq: 0 }, comment.subject, {
        source: 'internal',
        author: comment.author,
        body: comment.body,
      }),
      _id: comment.id,
      link_id: null,
      external_comment_id: null,
      sync_state: null,
    };
    try {
      await comments.create([unsent]);
      return unsent;
    } catch (error) {
      const known = isDuplicateKey(error) ? await comments.findById(comment.id).lean<CommentDoc | null>() : null;
      if (!known) throw error;
      return known;
    }
  }

  async function addToTicket(
    comment: NewComment,
    link: LinkDoc,
  ): Promise<{ comment: CommentDoc; echo: CommentDoc | null }> {
    await requireReady(providers, link);
    const { id: commentId, author, body } = comment;
    const command = await requestComment(store, link, { commentId, author, body });
    await signaler.wait(link, command.seq, () => isApplied(store.links, link._id, command.seq));
    const settled = await commands.findById(command._id).lean();
    if (settled?.status === 'failed') throw providerError(settled.error ?? 'The tracker refused the comment.');
    const made = await comments.find({ link_id: link._id, seq: command.seq }).sort({ sub: 1 }).lean<CommentDoc[]>();
    const own = made.find((found) => found._id === commentId);
    if (!own) throw new Error(`The comment ${commentId} is not to be found after it was written.`);
    return { comment: own, echo: made.find((found) => found.sub === 1) ?? null };
  }

  return {
    /** Oldest first. @throws 404 */
    async list(orgId: string, subject: SubjectRef, limit: number, after: ThreadCursor | null): Promise<CommentDoc[]> {
      await requireSubject(orgId, subject);
      return readThread(comments, orgId, subject, limit, after);
    },

    /** Adds a comment, and pushes it when there is a ticket. @throws 404, 502 (the comment stays, as `error`), 503 */
    async add(comment: NewComment): Promise<{ comment: CommentDoc; echo: CommentDoc | null }> {
      await requireSubject(comment.orgId, comment.subject);
      const link = await links.findLive(comment.orgId, comment.subject);
      if (!link) return { comment: await addWithoutLink(comment), echo: null };
      return addToTicket(comment, link);
    },
  };
}
