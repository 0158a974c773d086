import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { trusted } from '../../src/db/schema-options.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { createLogger } from '../../src/observability/logger.js';
import { dueTickets } from '../../src/tickets/due-tickets.js';
import { comment, openDrains, scriptedTracker, type Drains } from './harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());
beforeEach(async () => {
  await Promise.all([drains.store.links.deleteMany({}), drains.store.commands.deleteMany({})]);
});

interface Woken {
  id: string;
  interrupt: boolean;
}

/** One round. @returns what it woke */
async function sweep(): Promise<Woken[]> {
  const woken: Woken[] = [];
  const wake = (link: { _id: string }, options: { interrupt?: boolean } = {}) =>
    Promise.resolve(woken.push({ id: link._id, interrupt: options.interrupt === true }) > 0);
  const round = { store: drains.store, signaler: { wake }, logger: createLogger('silent'), timings: defaultTimings };
  await dueTickets(round).round(new AbortController().signal);
  return woken;
}

const idsOf = (woken: Woken[]) => woken.map(({ id }) => id).sort();
const ago = (ms: number) => new Date(Date.now() - ms);
const dueAgo = (ms: number) => ({ ring_after: ago(ms) });

async function oldCommand(link: LinkDoc): Promise<void> {
  const { command } = await drains.append(link, comment(`${link._id}-${Math.random()}`));
  await drains.store.commands.updateOne({ _id: command._id }, { $set: { created_at: ago(60_000) } });
}

const settledLink = () =>
  drains.link({ create_status: 'applied', external_id: null, applied_seq: 1, ring_after: null });

describe('the sweep', () => {
  it('wakes a link whose workflow was never started', async () => {
    const link = await drains.link(dueAgo(1));
    expect(await sweep()).toEqual([{ id: link._id, interrupt: false }]);
  });

  it('leaves a new link to its own wake-up', async () => {
    await drains.link();
    expect(await sweep()).toEqual([]);
  });

  it('wakes the link of a command that nobody has applied, and not of a young one', async () => {
    const [old, young] = [await settledLink(), await settledLink()];
    await oldCommand(old);
    await drains.append(young, comment('young'));
    expect(idsOf(await sweep())).toEqual([old._id]);
  });

  it('wakes its workflow once for many commands of one link', async () => {
    const link = await settledLink();
    for (let count = 0; count < 5; count++) await oldCommand(link);
    expect(idsOf(await sweep())).toEqual([link._id]);
  });

  it('does not wake a link that waits for its next try', async () => {
    const waiting = {
      tries: 3,
      next_try_at: new Date(Date.now() + 60_000),
      ring_after: new Date(Date.now() + 120_000),
    };
    const link = await drains.link({ ...waiting, create_status: 'applied', applied_seq: 1 });
    await oldCommand(link);
    expect(await sweep()).toEqual([]);
  });

  it('wakes when that try is overdue, for then its workflow is gone', async () => {
    const link = await drains.link({ tries: 3, next_try_at: ago(70_000), ring_after: ago(10_000) });
    expect(idsOf(await sweep())).toEqual([link._id]);
  });

  it('wakes each link once, when several sweep at once', async () => {
    const due = [];
    for (let count = 0; count < 20; count++) due.push((await drains.link(dueAgo(1_000)))._id);
    for (let count = 0; count < 10; count++) {
      const link = await settledLink();
      await oldCommand(link);
      due.push(link._id);
    }
    const rounds = await Promise.all([sweep(), sweep(), sweep()]);
    expect(idsOf(rounds.flat())).toEqual(due.sort());
  });

  it('wakes again when the lease is over and nothing has happened', async () => {
    const link = await drains.link(dueAgo(1));
    expect(idsOf(await sweep())).toEqual([link._id]);
    expect(await sweep()).toEqual([]);
    const leased = await drains.reload(link);
    expect(leased.ring_after?.getTime()).toBeGreaterThan(Date.now());
    await drains.store.links.updateOne({ _id: link._id }, { $set: dueAgo(1) });
    expect(idsOf(await sweep())).toEqual([link._id]);
  });

  it('interrupts the wait of a link that was unlinked', async () => {
    const link = await drains.link({ live: false, ...dueAgo(1) });
    expect(await sweep()).toEqual([{ id: link._id, interrupt: true }]);
  });

  it('comes to rest: what it woke is drained, and it has nothing left', async () => {
    const tracker = scriptedTracker();
    const links = [await drains.link(dueAgo(1)), await drains.link({ live: false, ...dueAgo(1) }), await settledLink()];
    await drains.store.links.updateOne({ _id: links[2]?._id }, { $set: { external_id: 'REST-1' } });
    for (const link of links) await oldCommand(link);
    await sweep();
    for (const link of links) await drains.drain(await drains.reload(link), tracker);
    // Should one still have a lease, it is over now.
    await drains.store.links.updateMany({ ring_after: trusted({ $ne: null }) }, { $set: dueAgo(1) });
    expect(await sweep()).toEqual([]);
  });

  it('wakes neither what is settled nor what is held', async () => {
    const held = await drains.link({ create_status: 'failed', sync_state: 'error', ring_after: null });
    await oldCommand(held);
    await drains.store.commands.updateMany({}, { $set: { status: 'held' } });
    await settledLink();
    expect(await sweep()).toEqual([]);
  });
});
