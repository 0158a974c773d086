import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTicketWorkflows, type TicketWorkflows } from './harness.js';

let workflows: TicketWorkflows;
beforeAll(async () => {
  workflows = await openTicketWorkflows();
});
afterAll(() => workflows.close());

describe('a ticket’s workflow', () => {
  it('runs one drain at a time, and one more for all the wake-ups that came meanwhile', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    const first = await ticket.drain();
    for (let woken = 0; woken < 5; woken++) await ticket.wake();
    expect(ticket.untakenDrains()).toBe(0);
    first.answer();
    (await ticket.drain()).answer({ appliedSeq: 6 });
    const { answer } = await ticket.sync(6);
    await answer;
    expect(ticket.untakenDrains()).toBe(0);
    const scheduled = (await ticket.events()).filter((event) => event.activityTaskScheduledEventAttributes);
    expect(scheduled).toHaveLength(2);
  });

  it('goes on by itself while a drain says that there is more', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    for (const appliedSeq of [1, 51, 101]) (await ticket.drain()).answer({ appliedSeq, more: true });
    (await ticket.drain()).answer({ appliedSeq: 120 });
    const { answer } = await ticket.sync(120);
    expect(await answer).toMatchObject({ appliedSeq: 120 });
  });

  it('ends when the ticket is unlinked, and lets go those who wait', async () => {
    const ticket = workflows.ticket();
    const { answer } = await ticket.sync(5);
    const drain = await ticket.drain();
    const { answer: later } = await ticket.sync(6);
    drain.answer({ lifecycle: 'unlinked', appliedSeq: 2 });
    expect(await Promise.all([answer, later])).toEqual([
      { appliedSeq: 2, held: false },
      { appliedSeq: 2, held: false },
    ]);
    expect(await ticket.handle.result()).toBeUndefined();
  });

  it('stays when the ticket is open, for months if need be', async () => {
    const ticket = workflows.ticket({ lingerMs: 1 });
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).answer();
    await answer;
    const timers = (await ticket.events()).filter((event) => event.timerStartedEventAttributes);
    expect(timers).toEqual([]);
    expect((await ticket.handle.describe()).status.name).toBe('RUNNING');
  });

  it('ends some time after the closing', async () => {
    const ticket = workflows.ticket({ lingerMs: 300 });
    const { answer } = await ticket.sync(2);
    const closedAt = Date.now();
    (await ticket.drain()).answer({ appliedSeq: 2, lifecycle: 'closed' });
    await answer;
    await ticket.handle.result();
    expect(Date.now() - closedAt).toBeGreaterThanOrEqual(300);
  });

  it('stays longer for a late comment, counted from that comment', async () => {
    const ticket = workflows.ticket({ lingerMs: 1_500 });
    await ticket.wake();
    (await ticket.drain()).answer({ lifecycle: 'closed', appliedSeq: 2 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { answer } = await ticket.sync(3);
    const lateAt = Date.now();
    (await ticket.drain()).answer({ lifecycle: 'closed', appliedSeq: 3 });
    expect(await answer).toMatchObject({ appliedSeq: 3 });
    await ticket.handle.result();
    expect(Date.now() - lateAt).toBeGreaterThanOrEqual(1_500);
    const { length: runs } = (await ticket.events()).filter((event) => event.workflowExecutionStartedEventAttributes);
    expect(runs).toBe(1);
  });

  it('starts again, without anything remembered, when it is woken after its end', async () => {
    const ticket = workflows.ticket({ lingerMs: 1 });
    await ticket.wake();
    (await ticket.drain()).answer({ lifecycle: 'closed', appliedSeq: 2 });
    await ticket.handle.result();
    const { answer } = await ticket.sync(3);
    (await ticket.drain()).answer({ lifecycle: 'closed', appliedSeq: 3 });
    expect(await answer).toEqual({ appliedSeq: 3, held: false });
  });
});
