import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendCommand } from '../../src/tickets/commands/append.js';
import { comment, inbound, openDrains, type Drains } from './harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

const range = (length: number, from: number) => Array.from({ length }, (_, index) => from + index);

describe('commands of one ticket', () => {
  it('are numbered without a gap and without a duplicate under thirty writers at once', async () => {
    const link = await drains.link();
    const appended = await Promise.all(
      range(30, 0).map((writer) => drains.append(link, comment(`${link._id}-${writer}`))),
    );
    expect(appended.every(({ added }) => added)).toBe(true);
    const stored = await drains.commands(link);
    expect(stored.map(({ seq }) => seq)).toEqual(range(30, 2));
    const claimed = new Map(appended.map(({ command }) => [command._id, command.seq]));
    expect(new Map(stored.map(({ _id, seq }) => [_id, seq]))).toEqual(claimed);
    const times = stored.map(({ at }) => at.getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('never stand before the command ahead of them, even when the clock of their process is behind', async () => {
    const ahead = new Date(Date.now() + 60_000);
    const link = await drains.link({ created_at: ahead });
    const { command } = await drains.append(link, comment(`clock-${link._id}`));
    expect(command.at).toEqual(ahead);
    expect(command.created_at.getTime()).toBeLessThan(ahead.getTime());
  });

  it('are one when their id or their event id is the same, however many send it at once', async () => {
    const link = await drains.link();
    const same = { payload: comment(`same-${link._id}`), id: `cmd_same-${link._id}` };
    const byId = await Promise.all(range(8, 0).map(() => appendCommand(drains.store.commands, link, same)));
    const byEvent = await Promise.all(range(8, 0).map(() => drains.append(link, inbound({ comment: 'x' }), 'evt')));
    for (const answers of [byId, byEvent]) {
      expect(answers.filter(({ added }) => added)).toHaveLength(1);
      expect(new Set(answers.map(({ command }) => command._id)).size).toBe(1);
    }
    expect((await drains.commands(link)).map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it('share event ids with nobody else’s ticket', async () => {
    const [one, other] = [await drains.link(), await drains.link()];
    const answers = [
      await drains.append(one, inbound({ comment: 'x' }), 'evt'),
      await drains.append(other, inbound({ comment: 'x' }), 'evt'),
    ];
    expect(answers.map(({ added }) => added)).toEqual([true, true]);
  });

  it('are a row without gaps, whatever mix of writers and repetitions comes', async () => {
    const write = fc.record({ id: fc.integer({ min: 0, max: 9 }), event: fc.option(fc.integer({ min: 0, max: 3 })) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(write, { minLength: 1, maxLength: 6 }), { maxLength: 4 }), async (rounds) => {
        const link = await drains.link();
        for (const round of rounds) {
          await Promise.all(
            round.map(({ id, event }) =>
              appendCommand(drains.store.commands, link, {
                id: `cmd_${link._id}-${id}`,
                eventId: event === null ? null : `evt-${event}`,
                payload: comment(`${link._id}-${id}`),
              }),
            ),
          );
        }
        const stored = await drains.commands(link);
        expect(stored.map(({ seq }) => seq)).toEqual(range(stored.length, 2));
        expect(new Set(stored.map(({ _id }) => _id)).size).toBe(stored.length);
      }),
      { numRuns: 15 },
    );
  });
});
