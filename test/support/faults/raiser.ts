import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FakeReceiver } from '../fake-receiver.js';
import type { FakeTracker } from '../fake-tracker.js';
import type { ApiAnswer } from '../http.js';
import { escalationsByReason, expectOneTicket } from './escalations.js';
import type { ApiAccess } from '../product.js';

/** Somebody who raises one escalation after another, sends again what got no answer, and claims and notes each once. */
export interface Raiser {
  /** What was accepted, by its reason, and the notes that were. */
  readonly accepted: ReadonlyMap<string, readonly string[]>;
  stop(): Promise<void>;
}

/** @param apiOf whom to call next; the org's policies escalate what is blocked */
export function startRaising(orgPath: string, apiOf: () => ApiAccess): Raiser {
  const accepted = new Map<string, string[]>();
  const state = { isOver: false };
  const post = (path: string, body?: unknown): Promise<ApiAnswer | null> =>
    apiOf()
      .admin.post(orgPath + path, body)
      .catch(() => null);
  const raiseOnce = (reason: string, isDirect: boolean) =>
    isDirect
      ? post('/escalations', { title: 'Direct', severity: 'high', source_id: reason, reason })
      : post('/events', { type: 'event.created', id: reason, data: { decision: 'block', reason } });

  async function raise(reason: string, isDirect: boolean): Promise<void> {
    let answer = await raiseOnce(reason, isDirect);
    while ((answer === null || answer.status >= 500) && !state.isOver) {
      await delay(200);
      answer = await raiseOnce(reason, isDirect);
    }
    if (answer === null || answer.status > 202) return;
    const notes: string[] = [];
    accepted.set(reason, notes);
    if (!isDirect) return;
    await post(`/escalations/${answer.body.id}/claim`);
    for (const body of ['one', 'two']) {
      if ((await post(`/escalations/${answer.body.id}/notes`, { body }))?.status === 200) notes.push(body);
    }
  }

  const raising = (async () => {
    for (let n = 0; !state.isOver; n++) {
      await raise(`raised ${n}`, n % 2 === 0);
      await delay(500);
    }
  })();
  return {
    accepted,
    async stop() {
      state.isOver = true;
      await raising;
    },
  };
}

/** All that was accepted is one escalation and one ticket each, which were told of what is on record, once and in order. */
export async function expectRaised(
  {
    tracker,
    receiver,
    api,
    orgPath,
  }: { tracker: FakeTracker; receiver: FakeReceiver; api: ApiAccess; orgPath: string },
  { accepted }: Raiser,
): Promise<void> {
  const found = await escalationsByReason(api, orgPath);
  expect(Object.keys(found)).toEqual(expect.arrayContaining([...accepted.keys()]));
  for (const [reason, escalation] of Object.entries(found)) {
    const { id, claimed_by, notes } = escalation;
    const noted = (notes as { body: string }[]).map(({ body }) => body);
    expect(noted).toEqual([...new Set(noted)]);
    expect(noted).toEqual(expect.arrayContaining([...(accepted.get(reason) ?? [])]));
    const claim = claimed_by === null ? [] : [expect.stringMatching(/^Claimed by /)];
    await expectOneTicket(tracker, { api, path: `${orgPath}/escalations/${id}`, id }, [...claim, ...noted]);
    const types = receiver.messages.filter(({ data }) => data.id === id).map(({ type }) => type);
    expect(types).toEqual(['escalation.created', ...(claimed_by === null ? [] : ['escalation.claimed'])]);
  }
}
