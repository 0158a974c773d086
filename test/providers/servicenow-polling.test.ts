import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrackedTicket } from '../../src/integrations/tracker-side.js';
import { comment, draft, options, ref } from './drafts.js';
import { failureOf, openServiceNow, type ServiceNowHarness } from './servicenow-harness.js';

describe('servicenow: looking for what no webhook brought', () => {
  let harness: ServiceNowHarness;
  beforeEach(async () => {
    harness = await openServiceNow();
  });
  afterEach(() => harness.close());

  const long = new Date('2026-01-01T00:00:00.000Z');
  const { signal } = new AbortController();
  async function changes(since = long): Promise<TrackedTicket[]> {
    const found: TrackedTicket[] = [];
    for await (const ticket of harness.tracker.changedSince(since, { signal })) found.push(ticket);
    return found;
  }
  const create = async () => {
    const of = draft();
    const { externalId, externalRef = null } = await harness.provider.create(of, { ...options(), sentAt: null });
    return ref(of, externalId, externalRef);
  };
  /** As if it had been changed at this time. */
  const date = (number: string, at: string) => (harness.fake.record(number).sys_updated_on = at);

  it('finds our tickets that changed, the oldest change first, from that very second on', async () => {
    const [a, b, c] = [await create(), await create(), await create()];
    date(a.externalId, '2026-02-03 10:00:00');
    date(b.externalId, '2026-02-01 10:00:00');
    date(c.externalId, '2026-01-31 23:59:59');
    harness.fake.setState(b.externalId, '6');
    date(b.externalId, '2026-02-01 10:00:00');
    const found = await changes(new Date('2026-02-01T10:00:00.900Z'));
    expect(found).toEqual([
      {
        externalId: b.externalId,
        externalRef: b.externalRef,
        status: { id: '6', name: 'Resolved', isDone: true },
        updatedAt: new Date('2026-02-01T10:00:00.000Z'),
      },
      expect.objectContaining({ externalId: a.externalId, updatedAt: new Date('2026-02-03T10:00:00.000Z') }),
    ]);
  });

  it('finds each of five hundred once, most of them of one second', async () => {
    for (let made = 0; made < 500; made++) {
      const { externalId } = await create();
      const second = made < 450 ? 5 : made % 60;
      date(externalId, `2026-02-01 10:00:${String(second).padStart(2, '0')}`);
    }
    const found = await changes();
    expect(new Set(found.map(({ externalId }) => externalId)).size).toBe(500);
    expect(found).toHaveLength(500);
    const times = found.map(({ updatedAt }) => updatedAt.getTime());
    expect(times).toEqual(times.toSorted((x, y) => x - y));
    expect(harness.fake.faults).toEqual([]);
  });

  it('loses none that moves while the pages are read', async () => {
    const numbers: string[] = [];
    for (let made = 0; made < 401; made++) {
      const { externalId } = await create();
      date(
        externalId,
        `2026-02-01 10:${String(Math.floor(made / 60)).padStart(2, '0')}:${String(made % 60).padStart(2, '0')}`,
      );
      numbers.push(externalId);
    }
    const found: string[] = [];
    for await (const { externalId } of harness.tracker.changedSince(long, { signal })) {
      // Somebody changes the first one while the first page is looked at: everything moves up by one.
      if (found.length === 0) date(externalId, '2026-02-01 11:00:00');
      found.push(externalId);
    }
    expect(new Set(found)).toEqual(new Set(numbers));
  });

  it.each(['correlation_display', 'sys_updated_on'])(
    'takes nothing else where the term for %s is ignored',
    async (field) => {
      const ours = await create();
      const theirs = await create();
      harness.fake.update(theirs.externalId, { correlation_id: 'other-tool-7', correlation_display: 'Drawbridge' });
      const old = await create();
      date(old.externalId, '2025-06-01 00:00:00');
      harness.fake.conditions.ignoredFields = [field];
      expect((await changes()).map(({ externalId }) => externalId)).toEqual([ours.externalId]);
    },
  );

  it('finds the comments of a ticket since a time, and of no other', async () => {
    const [a, b] = [await create(), await create()];
    const old = harness.fake.addForeignComment(a.externalId, 'old');
    old.sys_created_on = '2025-12-31 23:59:59';
    await harness.provider.comment(a, comment({ key: 'cmt_5' }), options());
    harness.fake.addForeignComment(a.externalId, 'new', { author: 'carol', element: 'work_notes' });
    harness.fake.addForeignComment(b.externalId, 'elsewhere');
    harness.fake.conditions.ignoredFields = ['element_id', 'sys_created_on'];
    for (const ticket of [a, { ...a, externalRef: null }]) {
      const found = await harness.tracker.commentsSince(ticket, long, { signal });
      expect(found).toMatchObject([
        { ours: 'cmt_5', author: 'integration' },
        { ours: null, author: 'carol', body: 'new' },
      ]);
    }
  });

  it('reads long threads of long comments, in smaller pages where an answer is too long', async () => {
    const { externalId, externalRef } = await create();
    for (let made = 0; made < 45; made++) harness.fake.addForeignComment(externalId, `${made} ${'🔐'.repeat(16_000)}`);
    const big = harness.fake.addForeignComment(externalId, 'x'.repeat(3_900_000));
    const found = await harness.tracker.commentsSince({ externalId, externalRef }, long, { signal });
    expect(found.map(({ body }) => body.split(' ', 1)[0]?.length)).toHaveLength(46);
    expect(found.at(-1)?.externalCommentId).toBe(big.sys_id);
    expect(new Set(found.map(({ externalCommentId }) => externalCommentId)).size).toBe(46);
  });

  it('finds none where an ACL hides the journal, and does not complain', async () => {
    const ticket = await create();
    harness.fake.addForeignComment(ticket.externalId, 'hello');
    harness.fake.conditions.hiddenTables = ['sys_journal_field'];
    expect(await harness.tracker.commentsSince(ticket, long, { signal })).toEqual([]);
  });

  it('looks at one ticket, by its number too, and says when it is gone', async () => {
    const ticket = await create();
    harness.fake.setState(ticket.externalId, '3');
    const fetched = { externalId: ticket.externalId, status: { id: '3', name: 'On Hold', isDone: false } };
    expect(await harness.tracker.fetchTicket(ticket, { signal })).toMatchObject(fetched);
    expect(await harness.tracker.fetchTicket({ ...ticket, externalRef: null }, { signal })).toMatchObject(fetched);
    const gone = harness.tracker.fetchTicket({ externalId: null, externalRef: '0'.repeat(32) }, { signal });
    expect(await failureOf(gone)).toMatchObject({ code: 'http_404', retryable: false });
    const hostile = harness.tracker.fetchTicket({ externalId: 'INC1^ORstate=1', externalRef: null }, { signal });
    expect(await failureOf(hostile)).toMatchObject({ code: 'bad_query_value', retryable: false });
  });
});
