import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTicketWorkflows, type TicketWorkflows } from './harness.js';

let workflows: TicketWorkflows;
beforeAll(async () => {
  workflows = await openTicketWorkflows();
});
afterAll(() => workflows.close());

/** Whether a promise is settled; what is on its way over the network has not arrived. */
const isSettled = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, 0, false))]);

describe('a caller that waits for its command', () => {
  it('is answered when its command is applied', async () => {
    const ticket = workflows.ticket();
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).answer({ appliedSeq: 1 });
    expect(await answer).toEqual({ appliedSeq: 1, held: false });
  });

  it('is answered at once when its command is applied already, without another drain', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    (await ticket.drain()).answer({ appliedSeq: 4 });
    const first = await ticket.sync(4);
    expect(await first.answer).toEqual({ appliedSeq: 4, held: false });
    const second = await ticket.sync(2);
    expect(await second.answer).toEqual({ appliedSeq: 4, held: false });
    expect(ticket.untakenDrains()).toBe(0);
  });

  it('is answered by the next drain when it comes during one', async () => {
    const ticket = workflows.ticket();
    const early = await ticket.sync(1);
    const first = await ticket.drain();
    const [late, later] = [await ticket.sync(2), await ticket.sync(3)];
    first.answer({ appliedSeq: 1 });
    expect(await early.answer).toEqual({ appliedSeq: 1, held: false });
    const second = await ticket.drain();
    expect(await isSettled(Promise.race([late.answer, later.answer]))).toBe(false);
    second.answer({ appliedSeq: 3 });
    expect(await Promise.all([late.answer, later.answer])).toEqual([
      { appliedSeq: 3, held: false },
      { appliedSeq: 3, held: false },
    ]);
  });

  it('is answered while a drain stops for being long and goes on, as soon as its own command is applied', async () => {
    const ticket = workflows.ticket();
    const [first, second] = [await ticket.sync(2), await ticket.sync(3)];
    (await ticket.drain()).answer({ appliedSeq: 2, more: true });
    expect(await first.answer).toMatchObject({ appliedSeq: 2 });
    (await ticket.drain()).answer({ appliedSeq: 3 });
    expect(await second.answer).toMatchObject({ appliedSeq: 3 });
  });

  it('is told when a refused create holds its command', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    const first = await ticket.drain();
    const { answer } = await ticket.sync(2);
    first.answer({ appliedSeq: 0, held: true, lifecycle: 'error', externalId: null });
    // The first drain may have looked before the command was there: only the next one can say that it is held.
    (await ticket.drain()).answer({ appliedSeq: 0, held: true, lifecycle: 'error', externalId: null });
    expect(await answer).toEqual({ appliedSeq: 0, held: true });
  });

  it('gets a drain of its own when it comes after a refusal, since the create may have been asked for again', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    (await ticket.drain()).answer({ appliedSeq: 0, held: true, lifecycle: 'error', externalId: null });
    const again = await ticket.sync(1);
    (await ticket.drain()).answer({ appliedSeq: 1 });
    expect(await again.answer).toEqual({ appliedSeq: 1, held: false });
  });

  it('is let go after its time when the next one comes, so that waits do not pile up', async () => {
    const ticket = workflows.ticket();
    const impatient = [await ticket.sync(7, 50), await ticket.sync(8, 50)];
    const drain = await ticket.drain();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const patient = await ticket.sync(9);
    const gone = await Promise.all(impatient.map(({ answer }) => answer));
    expect(gone).toEqual([
      { appliedSeq: 0, held: false },
      { appliedSeq: 0, held: false },
    ]);
    expect(await isSettled(patient.answer)).toBe(false);
    drain.answer({ appliedSeq: 9 });
    expect(await patient.answer).toEqual({ appliedSeq: 9, held: false });
  });

  it('shares its ticket with dozens of others at once', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    const first = await ticket.drain();
    const waiting = await Promise.all(Array.from({ length: 40 }, (_, index) => ticket.sync(index + 2)));
    first.answer({ appliedSeq: 1 });
    (await ticket.drain()).answer({ appliedSeq: 41 });
    const answers = await Promise.all(waiting.map(({ answer }) => answer));
    expect(new Set(answers.map(({ appliedSeq }) => appliedSeq))).toEqual(new Set([41]));
  });
});
