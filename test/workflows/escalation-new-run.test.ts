import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startShortHistoryServer } from '../support/histories-server.js';
import {
  found,
  foundClaimed,
  foundResolved,
  hourMs,
  openEscalationWorkflows,
  slack,
  type EscalationUnderTest,
  type EscalationWorkflows,
} from './escalation-harness.js';
import type { EscalationDrain } from '../../workflows/contracts/escalation.js';

let workflows: EscalationWorkflows;
let server: { address: string; close: () => Promise<void> };
beforeAll(async () => {
  server = await startShortHistoryServer(60);
  workflows = await openEscalationWorkflows(server.address);
});
afterAll(async () => {
  await workflows.close();
  await server.close();
});

const runOf = async (escalation: EscalationUnderTest) => (await escalation.handle.describe()).runId;

/** Wakes it until Temporal suggests a new run; the last wake-up is answered by nobody. */
async function outgrow(escalation: EscalationUnderTest): Promise<void> {
  const first = await runOf(escalation);
  for (;;) {
    await escalation.wake();
    const nextDrain = await escalation.nextDrain();
    const isNewRun = (await runOf(escalation)) !== first;
    nextDrain.answer(isNewRun ? foundResolved(slack) : foundClaimed({ breached: 'acknowledge' }));
    if (isNewRun) return;
  }
}

/** Answers every look that comes, to the test's end. */
async function answerAll(escalation: EscalationUnderTest, answer: () => EscalationDrain): Promise<never> {
  for (;;) (await escalation.nextDrain()).answer(answer());
}

describe('an escalation that is woken long', () => {
  it('goes over to a new run, which takes its attributes along and says by itself what it is', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer();
    await outgrow(escalation);
    (await escalation.notifying('chn_1')).failFor(hourMs);
    expect(await escalation.attributes()).toMatchObject({
      OrgId: escalation.orgId,
      Subject: escalation.id,
      Severity: 'high',
      SlaBreached: 'acknowledge',
      LifecycleStatus: 'resolved',
    });
    const details = await eventually(
      () => escalation.details(),
      (text) => text.includes('1 channel is'),
    );
    for (const part of ['Resolved as denied', '`rev_1`', 'high, for review']) expect(details).toContain(part);
  });

  it('calls a channel that is down back, and the new run tells it', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({}, [slack]));
    (await escalation.notifying('chn_1')).failFor(hourMs);
    await outgrow(escalation);
    const notifying = await escalation.notifying('chn_1');
    expect(notifying.attempt).toBe(1);
    notifying.answer();
    await escalation.handle.result();
    expect((await escalation.handle.describe()).status.name).toBe('COMPLETED');
  });

  it('waits for a message on its way before the new run, and loses no wake-up meanwhile', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({}, [slack]));
    const onItsWay = await escalation.notifying('chn_1');
    const first = await runOf(escalation);
    const at = { isCalledBack: false, found: foundClaimed() };
    void onItsWay.cancelled.then(() => (at.isCalledBack = true));
    void answerAll(escalation, () => at.found);
    await eventually(
      async () => {
        await escalation.wake();
        return at.isCalledBack;
      },
      (isCalledBack) => isCalledBack,
    );
    await escalation.wake();
    expect(await runOf(escalation)).toBe(first);
    at.found = foundResolved();
    onItsWay.answer();
    await escalation.handle.result();
    expect(await runOf(escalation)).not.toBe(first);
  });

  it('does not let the wake-ups of a long outage of MongoDB grow its history without an end', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).failFor(hourMs);
    const first = await runOf(escalation);
    await eventually(
      async () => {
        await escalation.wake();
        return runOf(escalation);
      },
      (run) => run !== first,
    );
    const nextDrain = await escalation.nextDrain();
    expect(nextDrain.attempt).toBe(1);
    nextDrain.answer();
    // A wake-up that was the new run's already has it look once more.
    void answerAll(escalation, foundResolved);
    await escalation.wake();
    await escalation.handle.result();
  });
});
