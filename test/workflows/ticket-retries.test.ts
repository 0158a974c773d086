import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { openTicketWorkflows, type TicketUnderTest, type TicketWorkflows } from './harness.js';

const hourMs = 3_600_000;

let workflows: TicketWorkflows;
beforeAll(async () => {
  workflows = await openTicketWorkflows();
});
afterAll(() => workflows.close());

/** A ticket whose tracker is down, and which waits an hour for its next try. */
async function waitingForItsTracker(): Promise<TicketUnderTest> {
  const ticket = workflows.ticket();
  await ticket.wake();
  (await ticket.drain()).failFor(hourMs);
  await eventually(
    () => pendingActivity(ticket),
    (pending) => pending?.attempt === 2,
  );
  return ticket;
}

const pendingActivity = async (ticket: TicketUnderTest) => (await ticket.handle.describe()).raw.pendingActivities?.[0];

describe('a tracker that is down', () => {
  it('is tried again after the delay that the activity names, without an end', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    for (let attempt = 1; attempt <= 5; attempt++) {
      const drain = await ticket.drain();
      expect(drain.attempt).toBe(attempt);
      drain.failFor(10);
    }
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).answer();
    expect(await answer).toEqual({ appliedSeq: 1, held: false });
  });

  it('is left alone until then, however often the workflow is woken and asked', async () => {
    const ticket = await waitingForItsTracker();
    await ticket.wake();
    // Once the second wait is accepted, the workflow has seen the wake-up before it.
    await ticket.sync(2);
    expect(ticket.untakenDrains()).toBe(0);
    expect(await pendingActivity(ticket)).toMatchObject({ attempt: 2 });
    const cancels = (await ticket.events()).filter((event) => event.activityTaskCancelRequestedEventAttributes);
    expect(cancels).toEqual([]);
  });

  it('is not waited for any longer when a wake-up interrupts, and the next drain follows at once', async () => {
    const ticket = await waitingForItsTracker();
    await ticket.wake({ interrupt: true });
    const next = await ticket.drain();
    expect(next.attempt).toBe(1);
    next.answer({ lifecycle: 'unlinked', externalId: null });
    await ticket.handle.result();
  });

  it('answers those who wait from the drain that follows an interruption', async () => {
    const ticket = await waitingForItsTracker();
    const { answer } = await ticket.sync(3);
    await ticket.wake({ interrupt: true });
    (await ticket.drain()).answer({ appliedSeq: 3 });
    expect(await answer).toEqual({ appliedSeq: 3, held: false });
  });
});

describe('an interruption while a call is on its way', () => {
  it('lets the call come to its end, and takes its answer', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    const drain = await ticket.drain();
    await ticket.wake({ interrupt: true });
    await drain.cancelled;
    const { answer } = await ticket.sync(1);
    drain.answer({ appliedSeq: 1 });
    expect(await answer).toEqual({ appliedSeq: 1, held: false });
  });

  it('does not fail the workflow when that call fails, but looks again', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    const drain = await ticket.drain();
    await ticket.wake({ interrupt: true });
    await drain.cancelled;
    drain.failFor(hourMs);
    (await ticket.drain()).answer({ lifecycle: 'unlinked' });
    await ticket.handle.result();
  });

  it('looks again when the try gives up', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    const drain = await ticket.drain();
    await ticket.wake({ interrupt: true });
    await drain.cancelled;
    drain.obey();
    (await ticket.drain()).answer({ lifecycle: 'unlinked' });
    await ticket.handle.result();
  });
});

describe('a drain that cannot go on', () => {
  it('fails the workflow with the type of the failure, which operators filter by', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    (await ticket.drain()).fail(ApplicationFailure.nonRetryable('There is no such link.', 'LinkNotFound'));
    const error = await ticket.handle.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toMatchObject({
      cause: { type: 'LinkNotFound', message: 'There is no such link.' },
    });
  });

  it('is followed by a new run when it is woken again', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    (await ticket.drain()).fail(ApplicationFailure.nonRetryable('There is no such link.', 'LinkNotFound'));
    await ticket.handle.result().catch(() => undefined);
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).answer();
    expect(await answer).toEqual({ appliedSeq: 1, held: false });
  });

  it('leaves no stack in the history', async () => {
    const ticket = workflows.ticket();
    await ticket.wake();
    (await ticket.drain()).fail(ApplicationFailure.nonRetryable('There is no such link.', 'LinkNotFound'));
    await ticket.handle.result().catch(() => undefined);
    const history = JSON.stringify(await ticket.events());
    expect(history).toContain('LinkNotFound');
    expect(history).not.toMatch(/node_modules|\.ts:|\.js:|at async/);
  });
});

describe('an operator', () => {
  it('can cancel a ticket that waits for its tracker: its workflow ends at once, as cancelled', async () => {
    const ticket = await waitingForItsTracker();
    await ticket.handle.cancel();
    await expect(ticket.handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect((await ticket.handle.describe()).status.name).toBe('CANCELLED');
  });

  it('can cancel a ticket that waits for a wake-up', async () => {
    const ticket = workflows.ticket();
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).answer();
    await answer;
    await ticket.handle.cancel();
    await expect(ticket.handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect((await ticket.handle.describe()).status.name).toBe('CANCELLED');
  });

  it('takes nothing away by cancelling: the next wake-up starts a new run', async () => {
    const ticket = await waitingForItsTracker();
    await ticket.handle.cancel();
    await ticket.handle.result().catch(() => undefined);
    const { answer } = await ticket.sync(1);
    (await ticket.drain()).answer();
    expect(await answer).toEqual({ appliedSeq: 1, held: false });
  });
});
