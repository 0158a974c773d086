import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  found,
  foundClaimed,
  foundResolved,
  hourMs,
  openEscalationWorkflows,
  scheduled,
  slack,
  teams,
  type EscalationUnderTest,
  type EscalationWorkflows,
} from './escalation-harness.js';

let workflows: EscalationWorkflows;
beforeAll(async () => {
  workflows = await openEscalationWorkflows();
});
afterAll(() => workflows.close());

const isRetrying = (escalation: EscalationUnderTest) =>
  eventually(
    () => escalation.pending(),
    (pending) => pending.length === 1 && pending[0]?.attempt === 2,
  );
const detailsWith = (escalation: EscalationUnderTest, text: string) =>
  eventually(
    () => escalation.details(),
    (details) => details.includes(text),
  );

/** An escalation one channel of which is down for an hour. */
async function withSlackDown(): Promise<EscalationUnderTest> {
  const escalation = workflows.escalation();
  await escalation.wake();
  (await escalation.nextDrain()).answer(found({}, [slack, teams]));
  (await escalation.notifying('chn_1')).failFor(hourMs);
  (await escalation.notifying('chn_2')).answer();
  await isRetrying(escalation);
  return escalation;
}

describe('a channel that is down', () => {
  it('holds up neither the looks, nor the other channels, nor the resolution', async () => {
    const escalation = await withSlackDown();
    await escalation.wake();
    (await escalation.nextDrain()).answer({ ...foundClaimed(), channels: [slack, teams] });
    (await escalation.notifying('chn_2')).answer();
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved(slack, teams));
    (await escalation.notifying('chn_2')).answer();
    await eventually(
      () => escalation.attributes(),
      ({ LifecycleStatus }) => LifecycleStatus === 'resolved',
    );
    expect(escalation.untakenTellings('chn_1')).toBe(0);
  });

  it('keeps the resolved escalation’s workflow until it is told', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved(slack));
    for (let attempt = 1; attempt <= 3; attempt++) {
      const notifying = await escalation.notifying('chn_1');
      expect(notifying.attempt).toBe(attempt);
      expect((await escalation.handle.describe()).status.name).toBe('RUNNING');
      notifying.failFor(10);
    }
    (await escalation.notifying('chn_1')).answer();
    await escalation.handle.result();
    expect(await escalation.details()).toContain('**Next:** nothing');
  });

  it('does not keep a resolved escalation from being looked at when it is woken', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved(slack));
    const notifying = await escalation.notifying('chn_1');
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved());
    notifying.answer();
    await escalation.handle.result();
    expect(scheduled(await escalation.events(), 'drainEscalation')).toHaveLength(2);
  });

  it('that fails for good ends nothing but itself', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved(slack, teams));
    (await escalation.notifying('chn_1')).fail(ApplicationFailure.nonRetryable('For good.', 'Final'));
    (await escalation.notifying('chn_2')).answer();
    await escalation.handle.result();
    expect((await escalation.handle.describe()).status.name).toBe('COMPLETED');
  });

  it('goes on being tried with other workers', async () => {
    const escalation = await withSlackDown();
    await workflows.restart();
    expect(await detailsWith(escalation, '1 channel is')).toContain('see Pending Activities');
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundClaimed());
    await detailsWith(escalation, 'waits for the decision');
    expect(await escalation.pending()).toHaveLength(1);
  });
});

describe('what an operator reads of the channels', () => {
  it('is how many are left, and follows each that is told without a look', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(found({}, [slack, teams]));
    const [toSlack, toTeams] = await Promise.all([escalation.notifying('chn_1'), escalation.notifying('chn_2')]);
    await detailsWith(escalation, '2 channels are not notified yet: see Pending Activities');
    toSlack.answer();
    await detailsWith(escalation, '1 channel is not notified yet');
    toTeams.answer();
    await eventually(
      () => escalation.details(),
      (details) => !details.includes('channel'),
    );
    expect(scheduled(await escalation.events(), 'drainEscalation')).toHaveLength(1);
  });
});
