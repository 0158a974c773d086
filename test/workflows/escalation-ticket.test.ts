import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  found,
  foundResolved,
  openEscalationWorkflows,
  summaryOf,
  type EscalationUnderTest,
  type EscalationWorkflows,
} from './escalation-harness.js';

let workflows: EscalationWorkflows;
beforeAll(async () => {
  workflows = await openEscalationWorkflows();
});
afterAll(() => workflows.close());

const withTicket = ({ linkId }: EscalationUnderTest, drain = found()) => ({
  ...drain,
  state: { ...drain.state, ticketLink: linkId },
  ticket: { linkId, provider: 'jira' },
});
const childOf = async (escalation: EscalationUnderTest) =>
  (await escalation.events()).find((event) => event.startChildWorkflowExecutionInitiatedEventAttributes);
const statusOf = async ({ handle }: { handle: EscalationUnderTest['handle'] }) => (await handle.describe()).status.name;

describe('the ticket of an escalation', () => {
  it('is a workflow of its own, which the link’s id names and which outlives the escalation’s', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(withTicket(escalation));
    (await escalation.ticket.drain()).answer({ provider: 'jira', externalId: 'SEC-1' });
    const child = await childOf(escalation);
    expect(summaryOf(child)).toBe(`Ticket in jira for escalation ${escalation.id}`);
    expect(child?.startChildWorkflowExecutionInitiatedEventAttributes).toMatchObject({
      workflowId: `ticket/${escalation.orgId}/${escalation.linkId}`,
      workflowType: { name: 'ticket' },
      // ABANDON
      parentClosePolicy: 2,
    });
    await eventually(
      () => escalation.ticket.attributes(),
      ({ ExternalId }) => ExternalId === 'SEC-1',
    );
    expect(await escalation.ticket.attributes()).toMatchObject({
      OrgId: escalation.orgId,
      Subject: escalation.id,
      Severity: 'high',
      Provider: 'jira',
    });
    expect(await escalation.details()).toContain(`\`ticket/${escalation.orgId}/${escalation.linkId}\``);
    await escalation.wake();
    (await escalation.nextDrain()).answer(foundResolved());
    await escalation.handle.result();
    expect(await statusOf(escalation.ticket)).toBe('RUNNING');
  });

  it('that runs is left alone, however often a look finds it untouched', async () => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(withTicket(escalation));
    const drain = await escalation.ticket.drain();
    const { runId } = await escalation.ticket.handle.describe();
    await escalation.wake();
    (await escalation.nextDrain()).answer(withTicket(escalation, foundResolved()));
    await escalation.handle.result();
    expect((await escalation.ticket.handle.describe()).runId).toBe(runId);
    drain.answer();
  });

  it.each(['cancel', 'terminate'] as const)('is not taken along when an operator %ss the escalation’s', async (how) => {
    const escalation = workflows.escalation();
    await escalation.wake();
    (await escalation.nextDrain()).answer(withTicket(escalation));
    const drain = await escalation.ticket.drain();
    await escalation.handle[how]();
    await escalation.handle.result().catch(() => undefined);
    drain.answer({ lifecycle: 'open' });
    await eventually(
      () => escalation.ticket.attributes(),
      ({ LifecycleStatus }) => LifecycleStatus === 'open',
    );
    const events = await escalation.ticket.events();
    expect(events.filter((event) => event.workflowExecutionCancelRequestedEventAttributes)).toEqual([]);
    expect(await statusOf(escalation.ticket)).toBe('RUNNING');
  });
});
