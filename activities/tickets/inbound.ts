import { isDuplicateKey } from '../../src/db/errors.js';
import type { CommandDoc, InboundPayload, InboundResult } from '../../src/tickets/commands/model.js';
import { commentSeed } from '../../src/tickets/comments/from-command.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import type { Try } from './context.js';
import { settle, type LinkChange } from './settle.js';
import { applyTrackerComment } from './tracker-comment.js';
import { applyTrackerStatus } from './tracker-status.js';

/** Applies a tracker's report: an unknown comment, or a status that is not older than the last one. */
export async function applyInbound(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  payload: InboundPayload,
): Promise<LinkDoc> {
  const { result, change } = payload.tracker
    ? await applyRemoteChange(run, link, command, payload)
    : await applyGeneric(run, link, command, payload);
  return settle(run, link, command, { status: 'applied', result }, change);
}

export interface AppliedInbound {
  result: InboundResult;
  change: LinkChange;
}

async function applyGeneric(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  payload: InboundPayload,
): Promise<AppliedInbound> {
  const comment = payload.comment !== null && (await addComment(run, link, command, payload.comment));
  const { applied: status, change } = await applyStatus(run, link, payload);
  return { result: { comment, status }, change };
}

/** Applies the report of a tracker with an inbound dialect. */
async function applyRemoteChange(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  payload: InboundPayload,
): Promise<AppliedInbound> {
  const comment = await applyTrackerComment(run, link, command, payload);
  const { applied: status, change } = await applyTrackerStatus(run, link, command, payload);
  return { result: { comment, status }, change };
}

/** @returns whether the thread has this comment from this command */
async function addComment(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  comment: NonNullable<InboundPayload['comment']>,
): Promise<boolean> {
  const seed = commentSeed(command, link.subject, { source: 'external', author: comment.author, body: comment.body });
  try {
    await run.store.comments.create([
      { ...seed, _id: comment.id, external_comment_id: comment.external_comment_id, sync_state: 'synced' },
    ]);
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // The same id means an interrupted attempt of this command stored it; another id means the comment was known
    // before.
    return (await run.store.comments.exists({ _id: comment.id })) !== null;
  }
}

async function applyStatus(
  run: Try,
  link: LinkDoc,
  payload: InboundPayload,
): Promise<{ applied: boolean; change: LinkChange }> {
  const { status, occurred_at: occurredAt } = payload;
  if (status === null) return { applied: false, change: {} };
  const isStale = occurredAt !== null && link.status_occurred_at !== null && occurredAt < link.status_occurred_at;
  if (isStale) return { applied: false, change: {} };
  await run.subjects[link.subject.type].applyStatus(link.org_id, link.subject.id, status);
  const change: LinkChange = { external_status: status, updated_at: new Date() };
  if (occurredAt !== null) change.status_occurred_at = occurredAt;
  return { applied: true, change };
}
