import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TicketRef } from '../../src/integrations/port.js';
import { closing, draft, options, ref } from './drafts.js';
import { failureOf, openServiceNow, type ServiceNowHarness } from './servicenow-harness.js';

describe('servicenow: closing', () => {
  let harness: ServiceNowHarness;
  let ticket: TicketRef;
  beforeEach(async () => {
    harness = await openServiceNow();
    ticket = await newTicket();
  });
  afterEach(() => harness.close());

  async function newTicket(): Promise<TicketRef> {
    const of = draft();
    const { externalId, externalRef = null } = await harness.provider.create(of, { ...options(), sentAt: null });
    return ref(of, externalId, externalRef);
  }
  const record = () => harness.fake.record(ticket.externalId);
  const close = (of = ticket, provider = harness.provider) => provider.close(of, closing('cmd_1'));
  const callsSince = (start: number) => harness.fake.requests.slice(start).map(({ call }) => call);

  it('resolves with a code that the instance has, and asks for the codes once', async () => {
    expect(await close()).toEqual({ externalStatus: 'Resolved' });
    expect(record()).toMatchObject({ state: '6', close_code: 'Solved (Permanently)' });
    expect(record().close_notes).toBe(`Closed in Drawbridge: ${ticket.url}`);
    const other = await newTicket();
    const start = harness.fake.requests.length;
    await close(other);
    expect(callsSince(start)).toEqual(['look', 'update']);
    expect(harness.fake.faults).toEqual([]);
  });

  it.each([
    [['Duplicate', 'Resolved by request', 'Known error'], 'Resolved by request'],
    [['Gelöst', 'Dublette'], 'Gelöst'],
  ])('of %j takes %s', async (codes, chosen) => {
    harness.fake.setCloseCodes(codes);
    await close();
    expect(record().close_code).toBe(chosen);
  });

  it('takes the configured code without asking for any', async () => {
    const start = harness.fake.requests.length;
    await close(ticket, harness.another({ closeCode: 'Duplicate' }));
    expect(callsSince(start)).toEqual(['look', 'update']);
    expect(record().close_code).toBe('Duplicate');
  });

  it('lists the codes that there are when the configured one is refused', async () => {
    const error = await failureOf(close(ticket, harness.another({ closeCode: 'Fixed' })));
    expect(error).toMatchObject({ code: 'close_code', retryable: false });
    expect(error.message).toBe(
      'ServiceNow does not take the close code “Fixed”. It has: Duplicate, Known error, Resolved by request, Solved (Permanently).',
    );
    expect(record().state).toBe('1');
  });

  it('tries another one once when the codes have changed since they were asked for', async () => {
    await close();
    harness.fake.setCloseCodes(['Erledigt', 'Dublette']);
    const other = await newTicket();
    const start = harness.fake.requests.length;
    expect(await close(other)).toEqual({ externalStatus: 'Resolved' });
    expect(callsSince(start)).toEqual(['look', 'update', 'choices', 'update']);
    expect(harness.fake.record(other.externalId).close_code).toBe('Erledigt');
  });

  it('guesses where the codes are hidden, and says so when that is refused', async () => {
    harness.fake.conditions.hiddenTables = ['sys_choice'];
    expect(await close()).toEqual({ externalStatus: 'Resolved' });
    harness.fake.setCloseCodes(['Erledigt']);
    const error = await failureOf(close(await newTicket()));
    expect(error).toMatchObject({ code: 'close_code', retryable: false });
    expect(error.message).toContain('not readable');
  });

  it('takes no inactive code and no choice of another field when the instance ignores the query', async () => {
    harness.fake.conditions.ignoredFields = ['element', 'inactive', 'name'];
    harness.fake.setCloseCodes(['Erledigt']);
    await close();
    expect(record().close_code).toBe('Erledigt');
  });

  it("leaves a policy's own words where the code is one that it has", async () => {
    const body = { error: { message: 'Operation Failed', detail: 'Data Policy Exception: Caller is mandatory' } };
    harness.fake.misbehave({ kind: 'status', status: 403, body }, { on: 'update' });
    const error = await failureOf(close());
    expect(error).toMatchObject({ code: 'http_403', retryable: false });
    expect(error.message).toContain('Caller is mandatory');
    expect(record().state).toBe('1');
  });

  it.each([
    ['6', 'Resolved'],
    ['7', 'Closed'],
    ['8', 'Canceled'],
  ])('leaves a ticket in state %s alone', async (state, externalStatus) => {
    harness.fake.setState(ticket.externalId, state);
    const start = harness.fake.requests.length;
    expect(await close()).toEqual({ externalStatus });
    expect(callsSince(start)).toEqual(['look']);
  });

  it('says so when the instance takes it and does not do it', async () => {
    harness.fake.conditions.unwritableFields = ['state'];
    harness.fake.setState(ticket.externalId, '2');
    const error = await failureOf(close());
    expect(error).toMatchObject({ code: 'not_closed', retryable: false });
    expect(error.message).toContain('left it In Progress');
  });
});
