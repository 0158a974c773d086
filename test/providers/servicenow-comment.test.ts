import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TicketRef } from '../../src/integrations/port.js';
import { comment, draft, options, ref } from './drafts.js';
import { failureOf, openServiceNow, type ServiceNowHarness } from './servicenow-harness.js';

describe('servicenow: comments', () => {
  let harness: ServiceNowHarness;
  let ticket: TicketRef;
  beforeEach(async () => {
    harness = await openServiceNow();
    const of = draft();
    const { externalId, externalRef = null } = await harness.provider.create(of, { ...options(), sentAt: null });
    ticket = ref(of, externalId, externalRef);
  });
  afterEach(() => harness.close());

  const calls = () => harness.fake.requests.map(({ call }) => call);
  const texts = () => harness.fake.journal(ticket.externalId).map(({ value }) => value);

  it('are one write and one look for the id, with the author and our mark', async () => {
    const { externalCommentId, echo } = await harness.provider.comment(ticket, comment({ id: 'cmt_7' }), options());
    expect(calls()).toEqual(['create', 'update', 'journal']);
    expect(texts()).toEqual(['Ada (Drawbridge):\nThe evidence is attached.\n\n[drawbridge:cmt_7]']);
    expect(externalCommentId).toBe(harness.fake.journal(ticket.externalId)[0]?.sys_id);
    expect(echo).toBeNull();
    expect(harness.fake.faults).toEqual([]);
  });

  it('go to the work notes where that is set', async () => {
    await harness.another({ commentField: 'work_notes' }).comment(ticket, comment(), options());
    expect(harness.fake.journal(ticket.externalId).map(({ element }) => element)).toEqual(['work_notes']);
  });

  it('make no HTML of what people write, whoever they say they are', async () => {
    const hostile = comment({
      author: '[code]x[/code]\nMallory',
      body: 'a [CODE]<script>alert(1)</script>[/code] b\r\nc',
    });
    await harness.provider.comment(ticket, hostile, options());
    expect(texts()[0]).toMatch(
      /^\[ code\]x\[ \/code\] Mallory \(Drawbridge\):\na \[ CODE\]<script>.*\[ \/code\] b\nc\n\n/,
    );
    expect(harness.fake.faults).toEqual([]);
  });

  it.each(['reset', 'hang', 'html'] as const)('are there once when the answer is lost by %s', async (kind) => {
    const same = comment();
    harness.fake.misbehave({ kind, store: true }, { on: 'update' });
    expect(await failureOf(harness.provider.comment(ticket, same, options()))).toMatchObject({ retryable: true });
    const { externalCommentId } = await harness.provider.comment(ticket, same, options({ repeated: true }));
    expect(texts()).toHaveLength(1);
    expect(externalCommentId).toBe(harness.fake.journal(ticket.externalId)[0]?.sys_id);
  });

  it('are written again when they did not arrive, also on an instance that ignores the search', async () => {
    harness.fake.addForeignComment(ticket.externalId, 'Who reads this?');
    harness.fake.conditions.ignoredFields = ['value', 'element_id'];
    const same = comment();
    const first = await harness.provider.comment(ticket, same, options({ repeated: true }));
    expect(texts()).toHaveLength(2);
    expect(await harness.provider.comment(ticket, same, options({ repeated: true }))).toEqual(first);
    expect(texts()).toHaveLength(2);
  });

  it('are rather there twice than not at all where an ACL hides the journal', async () => {
    harness.fake.conditions.hiddenTables = ['sys_journal_field'];
    const same = comment();
    const pushed = await harness.provider.comment(ticket, same, options());
    expect(pushed).toEqual({ externalCommentId: null, echo: null });
    await harness.provider.comment(ticket, same, options({ repeated: true }));
    expect(texts()).toHaveLength(2);
  });

  it.each([[[]], [['sys_journal_field']]])(
    'are refused in clear words on a Closed ticket; hidden: %j',
    async (hidden) => {
      harness.fake.setState(ticket.externalId, '7');
      harness.fake.conditions.hiddenTables = hidden;
      const error = await failureOf(harness.provider.comment(ticket, comment(), options()));
      expect(error).toMatchObject({ code: 'ticket_closed', retryable: false });
      expect(error.message).toBe(`ServiceNow dropped the comment: ${ticket.externalId} is Closed and takes no more.`);
      expect(texts()).toEqual([]);
    },
  );

  it('reach a ticket whose sys_id we never learnt, by its number', async () => {
    await harness.provider.create(draft(), options());
    harness.fake.conditions.ignoredFields = ['number'];
    await harness.provider.comment({ ...ticket, externalRef: null }, comment(), options());
    expect(texts()).toHaveLength(1);
  });

  it('say so when the ticket is gone', async () => {
    const gone = await failureOf(
      harness.provider.comment({ ...ticket, externalRef: 'f'.repeat(32) }, comment(), options()),
    );
    expect(gone).toMatchObject({ code: 'http_404', retryable: false });
    expect(gone.message).toContain('No Record found');
    const unknown = { ...ticket, externalId: 'INC0000000', externalRef: null };
    const error = await failureOf(harness.provider.comment(unknown, comment(), options()));
    expect(error).toMatchObject({ code: 'http_404', retryable: false });
    expect(error.message).toContain('INC0000000');
  });
});
