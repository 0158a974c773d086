import { isDuplicateKey } from '../../src/db/errors.js';
import { newId } from '../../src/lib/ids.js';
import type { PushedComment } from '../../src/integrations/port.js';
import type { CommandDoc, CommandPayload } from '../../src/tickets/commands/model.js';
import { commentSeed } from '../../src/tickets/comments/from-command.js';
import type { CommentDoc } from '../../src/tickets/comments/model.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { callOptions, providerOf, ticketRef, type Try } from './context.js';
import { callProvider, refused, sent, settle } from './settle.js';

export type CommentPayload = Extract<CommandPayload, { kind: 'comment' }>;

/** Pushes a comment to the tracker. A refused comment stays in the thread, in state `error`. */
export async function applyComment(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  payload: CommentPayload,
  externalId: string,
): Promise<LinkDoc> {
  const outcome = await callProvider(run, link, 'comment', async () =>
    (await providerOf(run, link)).comment(
      ticketRef(link, externalId, command.created_at),
      { key: payload.comment_id, author: payload.author, body: payload.body, occurredAt: command.created_at },
      callOptions(run, link, command.created_at),
    ),
  );
  const now = new Date();
  if (!outcome.ok) {
    await writeOwn(run, link, command, payload, { sync_state: 'error', external_comment_id: null });
    return settle(run, link, command, { status: 'failed', error: outcome.error.message }, refused(outcome.error, now));
  }
  await writeOwn(run, link, command, payload, {
    sync_state: 'synced',
    external_comment_id: outcome.value.externalCommentId,
  });
  await writeEcho(run, link, command, outcome.value.echo);
  return settle(run, link, command, { status: 'applied' }, sent('comment', link, now));
}

/** An upsert, because the call that accepted the comment may have died before it stored it. */
async function writeOwn(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  payload: CommentPayload,
  state: Pick<CommentDoc, 'sync_state' | 'external_comment_id'>,
): Promise<void> {
  const seed = commentSeed(command, link.subject, { source: 'internal', author: payload.author, body: payload.body });
  const upsert = (set: typeof state) =>
    run.store.comments.updateOne({ _id: payload.comment_id }, { $set: set, $setOnInsert: seed }, { upsert: true });
  try {
    await upsert(state);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await upsertAgain(upsert, state);
  }
}

/**
 * Retries after a duplicate key: either the accepting call inserted the comment at the same moment, or another comment
 * has the tracker's id.
 */
async function upsertAgain<T extends { external_comment_id: string | null }>(
  upsert: (state: T) => Promise<unknown>,
  state: T,
): Promise<void> {
  try {
    await upsert(state);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // The tracker used one comment id twice; the first comment keeps it.
    await upsert({ ...state, external_comment_id: null });
  }
}

async function writeEcho(run: Try, link: LinkDoc, command: CommandDoc, echo: PushedComment['echo']): Promise<void> {
  if (echo === null) return;
  const seed = commentSeed(command, link.subject, { source: 'external', author: echo.author, body: echo.body, sub: 1 });
  const made = {
    ...seed,
    _id: newId('cmt'),
    external_comment_id: echo.externalCommentId,
    sync_state: 'synced' as const,
  };
  try {
    await run.store.comments.updateOne(
      { link_id: link._id, seq: command.seq, sub: 1 },
      { $setOnInsert: made },
      { upsert: true },
    );
  } catch (error) {
    // The thread has the comment already, by a signed reply for the same comment.
    if (!isDuplicateKey(error)) throw error;
  }
}

/** Keeps a comment that will not be pushed any more in the thread. An upsert, for the same reason as above. */
export async function keepUnpushed(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  payload: CommentPayload,
): Promise<void> {
  const { comments } = run.store;
  const pending = { _id: payload.comment_id, sync_state: 'pending' as const };
  const changed = await comments.updateOne(pending, { $set: { sync_state: null } });
  if (changed.matchedCount > 0) return;
  const seed = commentSeed(command, link.subject, { source: 'internal', author: payload.author, body: payload.body });
  const unpushed = { ...seed, sync_state: null, external_comment_id: null };
  try {
    await comments.updateOne({ _id: payload.comment_id }, { $setOnInsert: unpushed }, { upsert: true });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // The accepting call inserted the comment first.
    await comments.updateOne(pending, { $set: { sync_state: null } });
  }
}
