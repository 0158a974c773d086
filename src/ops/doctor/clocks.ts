import type { Connection } from 'mongoose';
import { attention, bad, ok, type Finding } from './finding.js';
import type { Models } from '../../models.js';

/** Signatures are refused five minutes off; leases and due times drift with any difference. */
const limits = { attentionMs: 1_000, badMs: 30_000 };

/** How far somebody else's clock is from ours, in milliseconds: positive when it is ahead. */
export interface Skew {
  offsetMs: number;
  /** By which it may be wrong. */
  uncertainMs: number;
}

/** @param whose such as `MongoDB` */
export function checkClock(id: string, whose: string, { offsetMs, uncertainMs }: Skew): Finding {
  const surelyMs = Math.max(0, Math.abs(offsetMs) - uncertainMs);
  if (surelyMs <= limits.attentionMs) return ok(id, `The clock of ${whose} agrees with this machine's.`);
  const message = `The clock of ${whose} is ${seconds(offsetMs)} ${offsetMs > 0 ? 'ahead of' : 'behind'} this machine's.`;
  const todo = 'Let a time service (chrony, systemd-timesyncd) set both clocks.';
  if (surelyMs <= limits.badMs) return attention(id, message, todo);
  return bad(
    id,
    `${message} Signatures are refused at five minutes, and leases and due times are off by as much.`,
    todo,
  );
}

const seconds = (ms: number) => `${(Math.abs(ms) / 1000).toFixed(Math.abs(ms) < 10_000 ? 1 : 0)} s`;

/** MongoDB says its time in a greeting. */
export async function checkMongoClock(connection: Connection): Promise<Finding[]> {
  const askedAt = Date.now();
  const { localTime } = await connection.getClient().db().admin().command({ hello: 1 });
  if (!(localTime instanceof Date)) return [];
  return [checkClock('clocks.mongodb', 'MongoDB', skewOf(localTime.getTime(), askedAt, Date.now()))];
}

/** A worker that beats every two seconds was last seen in the past, or its clock is ahead; one that is behind looks as if it were gone. */
export async function checkWorkerClocks({ presence }: Pick<Models, 'presence'>): Promise<Finding[]> {
  const latest = await presence.findOne().sort({ seen_at: -1 }).lean();
  if (!latest) return [];
  const aheadMs = Math.max(0, latest.seen_at.getTime() - Date.now());
  return [checkClock('clocks.workers', 'a worker', { offsetMs: aheadMs, uncertainMs: 0 })];
}

/**
 * By the Date header of an answer, which is cut to the second.
 * @param date undefined where the answer had none
 */
export function checkHttpClock(
  id: string,
  whose: string,
  date: string | null,
  asked: { at: number; answeredAt: number },
): Finding[] {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return [];
  const { offsetMs, uncertainMs } = skewOf(theirs + 500, asked.at, asked.answeredAt);
  return [checkClock(id, whose, { offsetMs, uncertainMs: uncertainMs + 500 })];
}

/** As if they had looked at their clock halfway between question and answer. */
const skewOf = (theirs: number, askedAt: number, answeredAt: number): Skew => ({
  offsetMs: theirs - (askedAt + answeredAt) / 2,
  uncertainMs: (answeredAt - askedAt) / 2,
});
