import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventDoc } from '../../src/events/model.js';
import { eventKey } from '../../src/events/known.js';
import { anEvent, startPublishing, withInsert, type Publishing } from './publishing-harness.js';

let p: Publishing;
beforeAll(async () => {
  p = await startPublishing();
});
afterAll(() => p.close());

/** What each call sends: an event each, with the sender's id or without. */
const calls = fc.array(
  fc.uniqueArray(fc.option(fc.integer({ min: 0, max: 12 }), { freq: 4 }), {
    minLength: 1,
    maxLength: 4,
    comparator: (a, b) => a !== null && a === b,
  }),
  { minLength: 1, maxLength: 40 },
);

const eventsOf = (org: string, sent: readonly (number | null)[][]): EventDoc[][] =>
  sent.map((one) => one.map((id) => anEvent(org, { sourceId: id === null ? null : String(id) })));

/** Each event with each endpoint. */
const waysOf = (events: readonly EventDoc[], endpoints: readonly { _id: string }[]) =>
  events.flatMap((event) => endpoints.map(({ _id }) => `${event._id} → ${_id}`)).sort();

describe('many callers at once, in two processes', () => {
  it('store each event once and each delivery once, and are told which one it is', async () => {
    const others = p.publisherWith();
    await fc.assert(
      fc.asyncProperty(calls, async (sent) => {
        const org = p.newOrg();
        const endpoints = [await p.endpoint(org), await p.endpoint(org)];
        const appends = eventsOf(org, sent);
        const known = await Promise.all(
          appends.map((docs, index) => (index % 2 === 0 ? p.publisher : others).append(docs)),
        );
        const stored = await p.eventsOf(org);
        const all = appends.flat();
        expect(stored.map(eventKey).sort()).toEqual([...new Set(all.map(eventKey))].sort());
        const idOf = new Map(stored.map((event) => [eventKey(event), event._id]));
        appends.forEach((docs, index) => {
          for (const doc of docs) expect(known[index]?.get(doc._id) ?? doc._id).toBe(idOf.get(eventKey(doc)));
        });
        expect(await p.waysOf(org)).toEqual(waysOf(stored, endpoints));
      }),
      { numRuns: 25 },
    );
  });

  it('have all deliveries of what was accepted, whatever insert fails or loses its answer', async () => {
    const faults = fc.array(fc.constantFrom('works', 'fails', 'loses its answer'), { minLength: 5, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(calls, faults, async (sent, plan) => {
        const org = p.newOrg();
        const endpoints = [await p.endpoint(org), await p.endpoint(org)];
        let next = 0;
        const around = async (insert: () => Promise<unknown>) => {
          const fault = plan[next++] ?? 'works';
          if (fault !== 'fails') await insert();
          if (fault !== 'works') throw new Error(fault);
        };
        const publisher = p.publisherWith({
          events: withInsert(p.events, around),
          deliveries: withInsert(p.deliveries, around),
        });
        const appends = eventsOf(org, sent);
        const answers = await Promise.allSettled(appends.map((docs) => publisher.append(docs)));
        const stored = new Map((await p.eventsOf(org)).map((event) => [eventKey(event), event]));
        const isThere = new Set(await p.waysOf(org));
        appends.forEach((docs, index) => {
          if (answers[index]?.status !== 'fulfilled') return;
          const accepted = docs.flatMap((doc) => stored.get(eventKey(doc)) ?? []);
          expect(accepted).toHaveLength(docs.length);
          expect(waysOf(accepted, endpoints).filter((way) => !isThere.has(way))).toEqual([]);
        });
        // Sent again when all works, each has its deliveries, once.
        await Promise.all(appends.map((docs) => p.publisher.append(docs)));
        const after = await p.eventsOf(org);
        const ways = await p.waysOf(org);
        expect(ways).toEqual([...new Set(ways)]);
        expect(ways).toEqual(expect.arrayContaining(waysOf(after, endpoints)));
      }),
      { numRuns: 25 },
    );
  });
});
