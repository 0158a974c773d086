import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TicketProvider } from '../../src/integrations/port.js';
import { draft, options } from './drafts.js';
import { failureOf, openServiceNow, type ServiceNowHarness } from './servicenow-harness.js';

describe('servicenow: testing a connection', () => {
  let harness: ServiceNowHarness;
  beforeEach(async () => {
    harness = await openServiceNow();
    const { externalId } = await harness.provider.create(draft(), options());
    harness.fake.addForeignComment(externalId, 'hello');
  });
  afterEach(() => harness.close());

  async function check(provider: TicketProvider = harness.provider) {
    const checks = await provider.tracker?.check({ signal: new AbortController().signal });
    return new Map((checks ?? []).map(({ id, status, detail }) => [id, `${status}: ${detail}`]));
  }

  it('is content with an instance where everything is in place', async () => {
    expect([...(await check())]).toEqual([
      ['credentials', 'ready: ServiceNow takes the credentials.'],
      ['table', 'ready: Records of incident can be listed.'],
      ['fields', 'ready: The fields that are written can be read.'],
      ['close_code', 'ready: Tickets are resolved with “Solved (Permanently)”.'],
      ['comments', 'ready: The journal can be read.'],
    ]);
    expect(harness.fake.faults).toEqual([]);
    expect(harness.fake.records).toHaveLength(1);
  });

  it('names wrong credentials, and looks no further', async () => {
    const checks = await check(harness.another({ apiToken: 'canary-wrong' }));
    expect([...checks.keys()]).toEqual(['credentials']);
    expect(checks.get('credentials')).toMatch(/^missing: HTTP 401: User Not Authenticated/);
    expect(harness.fake.requests.at(-1)?.call).toBe('search');
  });

  it('names an instance that is asleep or not there', async () => {
    harness.fake.misbehave({ kind: 'html' });
    expect((await check()).get('credentials')).toMatch(/^missing: HTTP 200 with an HTML page/);
    await harness.fake.down();
    expect((await check()).get('credentials')).toMatch(/^missing: The connection to the tracker failed/);
  });

  it('names a table that is not there', async () => {
    const checks = await check(harness.another({ table: 'u_none' }));
    expect(checks.get('credentials')).toMatch(/^ready/);
    expect(checks.get('table')).toMatch(/^missing: .*u_none.*Invalid table/);
  });

  it('names fields that cannot be read, by how much they are missed', async () => {
    harness.fake.conditions.unreadableFields = ['description'];
    const mapped = await check(harness.another({ fieldMap: { u_gateway: '{gateway}' } }));
    expect(mapped.get('fields')).toBe(
      'attention: Not there, or not readable: description, u_gateway. What is written to them is lost.',
    );
    harness.fake.conditions.unreadableFields = ['correlation_id', 'state'];
    expect((await check()).get('fields')).toMatch(/^missing: .*state, correlation_id/);
  });

  it('names a search that is ignored', async () => {
    harness.fake.conditions.ignoredFields = ['correlation_id'];
    expect((await check()).get('fields')).toMatch(/^missing: ServiceNow ignores correlation_id/);
  });

  it('lists the close codes when the configured one is none of them', async () => {
    expect((await check(harness.another({ closeCode: 'Fixed' }))).get('close_code')).toBe(
      'missing: The instance has no close code “Fixed”. It has: Duplicate, Known error, Resolved by request, Solved (Permanently).',
    );
    expect((await check(harness.another({ closeCode: 'Duplicate' }))).get('close_code')).toMatch(/^ready: .*Duplicate/);
  });

  it('points to what an ACL hides', async () => {
    harness.fake.conditions.hiddenTables = ['sys_journal_field', 'sys_choice'];
    const checks = await check();
    expect(checks.get('comments')).toMatch(/^attention: No journal entry is shown \(sys_journal_field\)/);
    expect(checks.get('close_code')).toMatch(/^attention: No close codes are shown \(sys_choice\)/);
  });

  it('goes on where one look fails', async () => {
    harness.fake.misbehave({ kind: 'status', status: 403 }, { on: 'choices' });
    const checks = await check();
    expect(checks.get('close_code')).toMatch(/^attention: .*HTTP 403/);
    expect(checks.get('comments')).toMatch(/^ready/);
  });

  it('stops when it is no longer wanted', async () => {
    const call = harness.tracker.check({ signal: AbortSignal.abort() });
    expect(await failureOf(call)).toMatchObject({ code: 'aborted' });
  });
});
