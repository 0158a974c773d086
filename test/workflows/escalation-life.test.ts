import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  found,
  foundClaimed,
  foundResolved,
  hourMs,
  openEscalationWorkflows,
  scheduled,
  summaryOf,
  type EscalationUnderTest,
  type EscalationWorkflows,
} from './escalation-harness.js';

let workflows: EscalationWorkflows;
beforeAll(async () => {
  workflows = await openEscalationWorkflows();
});
afterAll(() => workflows.close());

const drainsOf = async (escalation: EscalationUnderTest) =>
  scheduled(await escalation.events(), 'drainEscalation').length;
const timersOf = async (escalation: EscalationUnderTest) =>
  (await escalation.events()).filter((event) => event.timerStartedEventAttributes);
const hasTimers = (escalation: EscalationUnderTest, count: number) =>
  eventually(
    () => timersOf(escalation),
    (timers) => timers.length === count,
  );

describe('an escalation’s workflow', () => {
  it('looks once for a wake-up, and loses none that comes while it looks', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    const first = await escalation.nextDrain();
    await escalation.wake();
    first.answer();
    (await escalation.nextDrain()).answer(foundClaimed());
    await eventually(
      () => escalation.details(),
      (details) => details.includes('waits for the decision'),
    );
    expect(await drainsOf(escalation)).toBe(2);
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved());
    await escalation.handle.result();
    expect(await drainsOf(escalation)).toBe(3);
  });

  it('makes few looks of a storm of wake-ups', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    const first = await escalation.nextDrain();
    await Promise.all(Array.from({ length: 50 }, () => escalation.wake()));
    expect(escalation.untakenDrains()).toBe(0);
    first.answer();
    (await escalation.nextDrain()).answer(foundResolved());
    await escalation.handle.result();
    expect(await drainsOf(escalation)).toBe(2);
  });

  it('looks again by itself while there is more, a resolution or not', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({ more: true }));
    const { state } = foundResolved();
    (await escalation.nextDrain()).answer({ state: { ...state, more: true } });
    (await escalation.nextDrain()).answer(foundResolved());
    await escalation.handle.result();
  });

  it('waits for a wake-up without a timer when no SLA time is ahead', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer();
    await eventually(
      () => escalation.details(),
      (details) => details.includes('waits for a reviewer'),
    );
    expect(await timersOf(escalation)).toEqual([]);
    expect((await escalation.handle.describe()).status.name).toBe('RUNNING');
  });

  it('tries a look that fails again, without an end', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    for (let attempt = 1; attempt <= 4; attempt++) {
      const nextDrain = await escalation.nextDrain();
      expect(nextDrain.attempt).toBe(attempt);
      nextDrain.failFor(10);
    }
    (await escalation.nextDrain()).answer(foundResolved());
    await escalation.handle.result();
  });

  it('goes on with other workers as if nothing had happened', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({ nextClock: 'acknowledge', nextDueAt: Date.now() + hourMs }));
    await hasTimers(escalation, 1);
    await workflows.restart();
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved());
    await escalation.handle.result();
    expect(await drainsOf(escalation)).toBe(2);
  });
});

describe('an SLA time', () => {
  it('is slept towards, and looked at when it has passed', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    const nextDueAt = Date.now() + 1_500;
    (await escalation.nextDrain()).answer(found({ nextClock: 'acknowledge', nextDueAt }));
    const [timer] = await hasTimers(escalation, 1);
    expect(summaryOf(timer)).toBe('SLA: to be claimed by then, else people are notified');
    const nextDrain = await escalation.nextDrain();
    expect(Date.now()).toBeGreaterThanOrEqual(nextDueAt);
    nextDrain.answer(found({ breached: 'acknowledge', appliedSeq: 2 }));
    await eventually(
      () => escalation.attributes(),
      ({ SlaBreached }) => SlaBreached === 'acknowledge',
    );
  });

  it('that a claim has made a later one is slept towards instead', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    const soon = Date.now() + 60_000;
    (await escalation.nextDrain()).answer(found({ nextClock: 'acknowledge', nextDueAt: soon }));
    await hasTimers(escalation, 1);
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundClaimed({ nextClock: 'resolve', nextDueAt: soon + hourMs }));
    const [, later] = await hasTimers(escalation, 2);
    expect(summaryOf(later)).toBe('SLA: to be resolved by then, else people are notified');
    const events = await escalation.events();
    expect(events.filter((event) => event.timerCanceledEventAttributes)).toHaveLength(1);
    const seconds = Number(later?.timerStartedEventAttributes?.startToFireTimeout?.seconds);
    expect(seconds).toBeGreaterThan(3_600);
    expect(seconds).toBeLessThanOrEqual(3_660);
  });

  it('that is over by one clock and not by the other is not asked for without a pause', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    const startedAt = Date.now();
    for (let nextDrain = 0; nextDrain < 3; nextDrain++) {
      (await escalation.nextDrain()).answer(found({ nextClock: 'resolve', nextDueAt: startedAt }));
    }
    await escalation.nextDrain();
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(3 * 500);
  });

  it('is nothing to a resolved escalation', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({ nextClock: 'resolve', nextDueAt: Date.now() + hourMs }));
    await hasTimers(escalation, 1);
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved());
    await escalation.handle.result();
  });
});

describe('a resolved escalation', () => {
  it('ends, and what comes later has a second run that looks and ends', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved());
    await escalation.handle.result();
    const { runId } = await escalation.handle.describe();
    await escalation.wake('resolved');
    const note = await escalation.nextDrain();
    expect(await escalation.attributes()).toMatchObject({ LifecycleStatus: 'resolved' });
    note.answer(foundResolved());
    await eventually(
      async () => (await escalation.handle.describe()).status.name,
      (status) => status === 'COMPLETED',
    );
    expect((await escalation.handle.describe()).runId).not.toBe(runId);
    expect(await drainsOf(escalation)).toBe(1);
  });

  it('loses no wake-up that comes while it ends', async () => {
    // Woken at every moment around the end: in the same run or in the next, there is a look after the last wake-up.
    for (let delayMs = 0; delayMs <= 24; delayMs += 4) {
      const escalation = workflows.escalation();
      await escalation.wake();
      (await escalation.nextDrain()).answer(foundResolved());
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await escalation.wake('resolved');
      (await escalation.nextDrain()).answer(foundResolved());
      await eventually(
        async () => (await escalation.handle.describe()).status.name,
        (status) => status === 'COMPLETED',
      );
      expect(escalation.untakenDrains()).toBe(0);
    }
  });
});
