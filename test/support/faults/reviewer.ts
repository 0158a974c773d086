import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FakeTracker } from '../fake-tracker.js';
import type { ApiAnswer } from '../http.js';
import { escalationsByReason, expectOneTicket } from './escalations.js';
import type { ApiAccess } from '../product.js';

/** Somebody who raises escalations, claims each, and resolves every other one; no call is repeated. */
export interface Reviewer {
  /** What was accepted, by the reason of its escalation. */
  readonly accepted: ReadonlyMap<string, { claimed: boolean; resolved: boolean }>;
  stop(): Promise<void>;
}

export function startReviewing(orgPath: string, apiOf: () => ApiAccess, pauseMs: number): Reviewer {
  const accepted = new Map<string, { claimed: boolean; resolved: boolean }>();
  const state = { isOver: false };
  const post = async (path: string, body?: unknown): Promise<ApiAnswer | null> => {
    const answer = await apiOf()
      .admin.post(orgPath + path, body)
      .catch(() => null);
    return answer && answer.status < 300 ? answer : null;
  };

  async function review(n: number): Promise<void> {
    const reason = `raised ${n}`;
    const raised = await post('/escalations', { title: 'To be seen', severity: 'high', source_id: reason, reason });
    if (!raised) return;
    const path = `/escalations/${raised.body.id}`;
    accepted.set(reason, { claimed: false, resolved: false });
    await delay(pauseMs);
    if (!(await post(`${path}/claim`))) return;
    accepted.set(reason, { claimed: true, resolved: false });
    if (n % 2 === 0) return;
    await delay(pauseMs);
    const resolved = await post(`${path}/resolve`, { resolution: 'denied', notes: null });
    accepted.set(reason, { claimed: true, resolved: resolved !== null });
  }

  const reviewing = (async () => {
    for (let n = 0; !state.isOver; n++) {
      await review(n);
      await delay(pauseMs);
    }
  })();
  return {
    accepted,
    async stop() {
      state.isOver = true;
      await reviewing;
    },
  };
}

/**
 * All that was accepted is on record, with one ticket each, which was told of what is on record, once and in order.
 * @returns the escalations' ids, those that are resolved apart
 */
export async function expectReviewed(
  { tracker, api, orgPath }: { tracker: FakeTracker; api: ApiAccess; orgPath: string },
  { accepted }: Reviewer,
): Promise<{ waiting: string[]; resolved: string[] }> {
  const found = await escalationsByReason(api, orgPath);
  expect(Object.keys(found)).toEqual(expect.arrayContaining([...accepted.keys()]));
  const ids = { waiting: [] as string[], resolved: [] as string[] };
  for (const [reason, { id, status, claimed_by: claimedBy }] of Object.entries(found)) {
    const known = accepted.get(reason);
    if (known?.claimed) expect(claimedBy, reason).not.toBeNull();
    if (known?.resolved) expect(status, reason).toBe('resolved');
    const comments = [
      ...(claimedBy === null ? [] : [expect.stringMatching(/^Claimed by /)]),
      ...(status === 'resolved' ? [expect.stringMatching(/^Resolved as denied by /)] : []),
    ];
    await expectOneTicket(tracker, { api, path: `${orgPath}/escalations/${id}`, id }, comments);
    ids[status === 'resolved' ? 'resolved' : 'waiting'].push(String(id));
  }
  return ids;
}
