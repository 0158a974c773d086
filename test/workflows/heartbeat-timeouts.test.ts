import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { endpointStart, endpointTimings, pollStart, ticketStart } from '../../workflows/contracts/workflow-starts.js';
import { found, openEscalationWorkflows, slack, type EscalationWorkflows } from './escalation-harness.js';
import { heartbeatTimeoutsOf } from './heartbeats.js';

const heartbeatTimeoutMs = 8_765;
const closedLingerMs = 60_000;
const timings = {
  ...defaultTimings,
  activities: { ...defaultTimings.activities, heartbeatTimeoutMs },
  tickets: { ...defaultTimings.tickets, closedLingerMs },
};

/** Of one escalation with a ticket and a channel: how its activities were scheduled, and what its workflows were given. */
async function runOne(workflows: EscalationWorkflows) {
  const escalation = workflows.escalation();
  const { linkId, id: escalationId, orgId } = escalation;
  await escalation.wake();
  const drain = found({ ticketLink: linkId }, [slack]);
  (await escalation.nextDrain()).answer({ ...drain, ticket: { linkId, provider: 'jira' } });
  await escalation.ticket.drain();
  await escalation.notifying(slack.channelId);
  const inputOf = async ({ events }: Pick<typeof escalation, 'events'>) => {
    const [first] = await events();
    const [payload] = first?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    return JSON.parse(Buffer.from(payload?.data ?? []).toString()) as unknown;
  };
  return {
    ids: { orgId, escalationId, linkId },
    timeouts: [
      ...(await heartbeatTimeoutsOf(escalation, 'drainEscalation')),
      ...(await heartbeatTimeoutsOf(escalation, 'notifyChannel')),
      ...(await heartbeatTimeoutsOf(escalation.ticket, 'drainTicket')),
    ],
    inputs: [await inputOf(escalation), await inputOf(escalation.ticket)],
  };
}

describe('the heartbeat timeout of activities', () => {
  let defaults: EscalationWorkflows;
  let other: EscalationWorkflows;
  beforeAll(async () => {
    [defaults, other] = await Promise.all([openEscalationWorkflows(), openEscalationWorkflows(undefined, timings)]);
  });
  afterAll(() => Promise.all([defaults.close(), other.close()]));

  it('is ten seconds by default, of which no input says anything', async () => {
    const { ids, timeouts, inputs } = await runOne(defaults);
    const { orgId, escalationId, linkId } = ids;
    expect(timeouts).toEqual([10_000, 10_000, 10_000]);
    expect(inputs).toEqual([
      { orgId, escalationId, severity: 'high' },
      { orgId, linkId, subject: { type: 'escalation', id: escalationId }, lingerMs: 7 * 86_400_000 },
    ]);
  });

  it('is what the starter is given otherwise, of the escalation, its channels and its ticket', async () => {
    const { timeouts, inputs } = await runOne(other);
    expect(timeouts).toEqual([heartbeatTimeoutMs, heartbeatTimeoutMs, heartbeatTimeoutMs]);
    expect(inputs).toMatchObject([
      { heartbeatTimeoutMs, ticketLingerMs: closedLingerMs },
      { heartbeatTimeoutMs, lingerMs: closedLingerMs },
    ]);
  });

  it('stands in the inputs of the other workflows only where it is not the default', () => {
    const link = {
      ...{ _id: 'tkt_1', org_id: 'acme', provider: 'jira', draft: { severity: null } },
      subject: { type: 'escalation', id: 'esc_1' },
    };
    const startsWith = (given: typeof defaultTimings) => [
      ticketStart(link, { lingerMs: 1, heartbeatTimeoutMs: given.activities.heartbeatTimeoutMs }),
      pollStart({ name: 'env-jira', orgId: null, provider: 'jira' }, '', given),
      endpointStart({ _id: 'wh_1', org_id: 'acme' }, endpointTimings(given), given),
    ];
    for (const { args } of startsWith(defaultTimings)) expect(args[0]).not.toHaveProperty('heartbeatTimeoutMs');
    for (const { args } of startsWith(timings)) expect(args[0]).toMatchObject({ heartbeatTimeoutMs });
  });
});
