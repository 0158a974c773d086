import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ticketProviderContract } from './contract.js';
import { draft, options } from './drafts.js';
import { openServiceNow, type ServiceNowHarness } from './servicenow-harness.js';

ticketProviderContract('servicenow', async () => {
  const harness = await openServiceNow();
  const { provider, fake } = harness;
  const find = (id: string) => fake.records.find(({ number }) => number === id);
  return {
    provider,
    ticketCount: () => Promise.resolve(fake.records.length),
    stateOf: (id) => {
      const record = find(id);
      return Promise.resolve(record ? (record.state === '6' ? 'closed' : 'open') : null);
    },
    commentCount: (id) => fake.journal(id).length,
    loseNextAnswer: () => fake.misbehave({ kind: 'reset', store: true }, { on: 'create' }),
    close: async () => {
      expect(fake.faults).toEqual([]);
      await harness.close();
    },
  };
});

describe('servicenow: what is sent to make a ticket', () => {
  let harness: ServiceNowHarness;
  beforeEach(async () => {
    harness = await openServiceNow();
  });
  afterEach(() => harness.close());

  const metadata = {
    ...draft().metadata,
    subject_type: 'escalation' as const,
    severity: 'critical' as const,
    gateway: 'gw [code]<script>[/code]',
  };

  it('is one call, in which every value is a string, with the marks that the ticket is known by', async () => {
    const escalation = draft({ metadata, severity: 'critical' });
    const ticket = await harness.provider.create(escalation, { ...options(), sentAt: null });
    expect(harness.fake.requests).toHaveLength(1);
    const [request] = harness.fake.requests;
    expect(request?.json).toEqual({
      short_description: 'Access review, Q3 – Zürich',
      description: `In Drawbridge: ${escalation.url}\n\n${escalation.description}`,
      impact: '1',
      urgency: '1',
      correlation_id: escalation.linkId,
      correlation_display: 'Drawbridge',
    });
    expect(harness.fake.faults).toEqual([]);
    const [record] = harness.fake.records;
    expect(ticket).toEqual({
      externalId: record?.number,
      externalRef: record?.sys_id,
      externalUrl: `${harness.fake.url}/nav_to.do?uri=incident.do%3Fsys_id%3D${record?.sys_id}`,
      externalStatus: 'New',
    });
  });

  it('says the way back once where the text says it already', async () => {
    const input = draft();
    input.description = `Review: <${input.url}>\n\n- one`;
    await harness.provider.create(input, options());
    expect(harness.fake.records[0]?.description).toBe(input.description);
  });

  it('gives each severity a priority of its own, and a subject without one none of ours', async () => {
    for (const severity of ['critical', 'high', 'medium', 'low'] as const) {
      await harness.provider.create(draft({ metadata: { ...metadata, severity }, severity }), options());
    }
    expect(harness.fake.records.map(({ priority }) => priority)).toEqual(['1', '2', '3', '4']);
    await harness.provider.create(draft(), options());
    expect(harness.fake.requests.at(-1)?.json).not.toHaveProperty('impact');
  });

  it("takes the connection's map before routing's, routing's before our own, and no word of another tracker", async () => {
    const mapped = harness.another({ severityMap: { critical: { impact: 3, urgency: '3' } } });
    const pair = { impact: '1', urgency: 3 };
    const sent: unknown[] = [];
    for (const [provider, severity] of [
      [mapped, pair],
      [harness.provider, pair],
      [harness.provider, 'P1'],
    ] as const) {
      await provider.create(draft({ metadata, severity }), options());
      sent.push(harness.fake.requests.at(-1)?.json);
    }
    expect(sent).toMatchObject([
      { impact: '3', urgency: '3' },
      { impact: '1', urgency: '3' },
      { impact: '1', urgency: '1' },
    ]);
  });

  it('keeps a title to one line of 160 characters, and makes [code] harmless wherever people wrote it', async () => {
    const provider = harness.another({
      fieldMap: { u_gateway: 'At {gateway}', u_actor: '{actor}', u_number: 5, u_on: true, correlation_id: 'stolen' },
    });
    const hostile = draft({
      title: `[code]<b>x</b>[/CODE]\n${'é'.repeat(300)}`,
      description: '[ code ]<img src=x onerror=alert(1)>[/code]\u0000\u202e!',
      metadata,
    });
    await provider.create(hostile, options());
    const [record] = harness.fake.records;
    expect(record?.short_description).toHaveLength(160);
    expect(record?.short_description).toMatch(/^\[ code\]<b>x<\/b>\[ \/CODE\] é+…$/);
    expect(record?.description).toMatch(/\n\n\[ {2}code \]<img src=x onerror=alert\(1\)>\[ \/code\]!$/);
    expect(record).toMatchObject({ u_gateway: 'At gw [ code]<script>[ /code]', u_number: '5', u_on: 'true' });
    expect(record).not.toHaveProperty('u_actor');
    expect(record?.correlation_id).toBe(hostile.linkId);
    expect(harness.fake.faults).toEqual([]);
  });

  it('works on another table', async () => {
    const other = await openServiceNow({ table: 'u_audit_incident' }, { table: 'u_audit_incident' });
    const ticket = await other.provider.create(draft(), options());
    expect(ticket.externalUrl).toContain('uri=u_audit_incident.do%3Fsys_id%3D');
    await other.close();
  });
});
