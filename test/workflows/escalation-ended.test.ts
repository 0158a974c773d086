import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  found,
  foundResolved,
  hourMs,
  openEscalationWorkflows,
  slack,
  type EscalationUnderTest,
  type EscalationWorkflows,
} from './escalation-harness.js';

let workflows: EscalationWorkflows;
beforeAll(async () => {
  workflows = await openEscalationWorkflows();
});
afterAll(() => workflows.close());

const statusOf = async (escalation: EscalationUnderTest) => (await escalation.handle.describe()).status.name;

/** The next wake-up starts a run that does what is due, and ends as usual. */
async function goesOn(escalation: EscalationUnderTest): Promise<void> {
  await escalation.wake();
  (await escalation.nextDrain()).answer(foundResolved(slack));
  (await escalation.notifying('chn_1')).answer();
  await eventually(
    () => statusOf(escalation),
    (status) => status === 'COMPLETED',
  );
}

describe('an operator', () => {
  it('can cancel an escalation that waits: its workflow ends as cancelled, and the next wake-up starts a new run', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({ nextClock: 'resolve', nextDueAt: Date.now() + hourMs }));
    await eventually(
      () => escalation.details(),
      (details) => details.includes('waits for a reviewer'),
    );
    await escalation.handle.cancel();
    await expect(escalation.handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(await statusOf(escalation)).toBe('CANCELLED');
    await goesOn(escalation);
  });

  it('can cancel one whose look fails, and whose channel is down', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({}, [slack]));
    (await escalation.notifying('chn_1')).failFor(hourMs);
    await escalation.wake();
    (await escalation.nextDrain()).failFor(hourMs);
    await eventually(
      () => escalation.pending(),
      (pending) => pending.length === 2 && pending.every(({ attempt }) => attempt === 2),
    );
    await escalation.handle.cancel();
    await escalation.handle.result().catch(() => undefined);
    expect(await statusOf(escalation)).toBe('CANCELLED');
    await goesOn(escalation);
  });

  it('who cancels it while a message is on its way waits for that, so that it is not sent twice', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({}, [slack]));
    const notifying = await escalation.notifying('chn_1');
    await escalation.handle.cancel();
    await notifying.cancelled;
    expect(await statusOf(escalation)).toBe('RUNNING');
    notifying.answer();
    await escalation.handle.result().catch(() => undefined);
    expect(await statusOf(escalation)).toBe('CANCELLED');
    const completed = (await escalation.events()).filter((event) => event.activityTaskCompletedEventAttributes);
    expect(completed).toHaveLength(2);
  });

  it('takes nothing away by terminating it: the next wake-up starts a new run', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found());
    await escalation.handle.terminate();
    await escalation.handle.result().catch(() => undefined);
    await goesOn(escalation);
  });
});

describe('an escalation that is gone from the database', () => {
  it('fails its workflow with the type that operators filter by, and without a stack', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).fail(
      ApplicationFailure.nonRetryable('There is no such escalation.', 'EscalationNotFound'),
    );
    const error: unknown = await escalation.handle.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toMatchObject({ cause: { type: 'EscalationNotFound' } });
    expect(JSON.stringify(await escalation.events())).not.toMatch(/node_modules|\.ts:|\.js:|at async/);
  });
});
