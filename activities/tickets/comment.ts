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

/** Pushes a comment to the tracker. One that is refused stays in the thread, as `error`. */
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

/** Upserted, for the call that accepted it may have died before it wrote the comment. */
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

/** The call that accepted the comment may have inserted it at the same moment; else it is the tracker's id that is known. */
async function upsertAgain<T extends { external_comment_id: string | null }>(
  upsert: (state: T) => Promise<unknown>,
  state: T,
): Promise<void> {
  try {
    await upsert(state);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // A tracker that gives the same comment id twice: the first keeps it.
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
    // The thread has it already, by a reply that the tracker sent as well.
    if (!isDuplicateKey(error)) throw error;
  }
}

/** A comment that will not be pushed any more stays in the thread; it is upserted for the same reason. */
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
    // The call that accepted it was quicker.
    await comments.updateOne(pending, { $set: { sync_state: null } });
  }
}
