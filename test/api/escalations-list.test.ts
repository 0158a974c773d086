import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newEscalation } from '../../src/escalations/new-escalation.js';
import { escalationStatuses, type EscalationDoc } from '../../src/escalations/model.js';
import { termsOf } from '../../src/escalations/routing/routing.js';
import { encodeCursor } from '../../src/http/paging.js';
import { newId } from '../../src/lib/ids.js';
import { severities } from '../../src/lib/severity.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { escalationParts, escalationRouting, type EscalationParts } from '../support/escalations.js';
import { dataOf, type Api } from '../support/http.js';

let app: TestApp;
let parts: EscalationParts;
beforeAll(async () => {
  app = await startTestApp({
    routes: ({ models }) => {
      parts = escalationParts(models);
      return parts.routes;
    },
  });
});
afterAll(() => app.close());

interface Queue {
  path: string;
  key: Api;
  /** Newest first. */
  all: EscalationDoc[];
}

/** An org with these escalations. @param times when they were raised, which may be the same millisecond */
async function queueOf(times: number[], fields: (n: number) => Partial<EscalationDoc> = () => ({})): Promise<Queue> {
  const orgId = await app.newOrg();
  const all = times.map((ms, n): EscalationDoc => {
    const at = new Date(ms);
    const severity = severities[n % severities.length] ?? 'low';
    const none = { reason: null, gateway: null, actor: null, context: null, policy: null, event_id: null };
    const raised = {
      kind: 'review',
      severity,
      title: `Leak ${n}`,
      source_id: null,
      source: null,
      review_url: null,
    } as const;
    const terms = termsOf(escalationRouting, severity, at);
    const made = newEscalation({ id: newId('esc', ms), orgId, raised: { ...none, ...raised }, terms, at });
    return { ...made, status: escalationStatuses[n % escalationStatuses.length] ?? 'open', ...fields(n) };
  });
  await parts.store.insertAll(all);
  all.sort((a, b) => (a._id < b._id ? 1 : -1));
  return { path: `/orgs/${orgId}/escalations`, key: await app.keyOf(orgId, ['read']), all };
}

const idsOf = (all: EscalationDoc[]) => all.map(({ _id }) => _id);

/** All pages of a list: the ids, and the size of each page. */
async function walk({ path, key }: Queue, query: Record<string, string>): Promise<{ ids: unknown[]; sizes: number[] }> {
  const ids: unknown[] = [];
  const sizes: number[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await key.get(`${path}?${new URLSearchParams({ ...query, ...(cursor && { cursor }) }).toString()}`);
    expect(answer.status).toBe(200);
    ids.push(...dataOf(answer).map(({ id }) => id));
    sizes.push(dataOf(answer).length);
    cursor = answer.body.next_cursor as string | null;
  }
  return { ids, sizes };
}

const now = Date.now();
/** A burst within a millisecond, some seconds, some days, and some years. */
const uneven = [
  ...Array.from({ length: 40 }, () => now),
  ...Array.from({ length: 20 }, (_, n) => now - n * 1_000),
  ...Array.from({ length: 20 }, (_, n) => now - n * 86_400_000),
  ...Array.from({ length: 5 }, (_, n) => now - n * 370 * 86_400_000),
];

describe('the queue', () => {
  let queue: Queue;
  beforeAll(async () => {
    queue = await queueOf(uneven);
  });

  it.each([1, 7, 84, 85, 86, 200])('comes newest first and whole, in pages of %i', async (limit) => {
    const { ids, sizes } = await walk(queue, { limit: String(limit) });
    expect(ids).toEqual(idsOf(queue.all));
    expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
  });

  it.each([
    ['status=open', { status: 'open' }],
    ['several statuses', { status: 'open,claimed' }],
    ['every status', { status: 'open,claimed,resolved' }],
    ['severity=critical', { severity: 'critical' }],
    ['several severities, one twice', { severity: 'high,critical,high' }],
    ['both', { status: 'resolved', severity: 'low' }],
    ['several of both', { status: 'claimed,resolved', severity: 'low,medium,high' }],
  ])('is narrowed by %s', async (_name, query: { status?: string; severity?: string }) => {
    const isOne = (value: string, list?: string) => list === undefined || list.split(',').includes(value);
    const expected = queue.all.filter((one) => isOne(one.status, query.status) && isOne(one.severity, query.severity));
    expect(expected.length).toBeGreaterThan(0);
    for (const limit of ['5', '200']) {
      expect((await walk(queue, { ...query, limit })).ids).toEqual(idsOf(expected));
    }
  });

  it('shows what has come since, and what has changed', async () => {
    const own = await queueOf([now - 5_000, now - 4_000]);
    expect((await walk(own, {})).ids).toEqual(idsOf(own.all));
    const raised = await app.admin.post(own.path, { title: 'New', severity: 'low' });
    expect((await walk(own, {})).ids).toEqual([raised.body.id, ...idsOf(own.all)]);
    await app.admin.post(`${own.path}/${String(raised.body.id)}/claim`);
    expect((await walk(own, { status: 'claimed' })).ids[0]).toBe(raised.body.id);
    expect((await walk(own, { status: 'open' })).ids).not.toContain(raised.body.id);
  });

  it.each([
    ['status=closed'],
    ['status='],
    ['status=open,'],
    ['status=open&status=claimed'],
    ['severity=fatal'],
    ['status[$ne]=open'],
    ['limit=0'],
    ['limit=201'],
    ['cursor=nonsense'],
    [`cursor=${encodeCursor([{ $ne: '' }, 'words'])}`],
    [`cursor=${encodeCursor(['esc_1'])}`],
    [`q=${'x'.repeat(201)}`],
    ['sort=title'],
  ])('refuses %s', async (query) => {
    const { status, body } = await queue.key.get(`${queue.path}?${query}`);
    expect([status, body.code]).toEqual([422, 'validation_failed']);
  });

  it('takes a cursor that names no escalation for what it is: a place', async () => {
    const none = await queue.key.get(`${queue.path}?cursor=${encodeCursor(['esc_', 'words'])}`);
    expect([none.status, none.body]).toEqual([200, { data: [], next_cursor: null }]);
    const top = await queue.key.get(`${queue.path}?limit=1&cursor=${encodeCursor(['esc_~', 'words'])}`);
    expect(dataOf(top)[0]?.id).toBe(queue.all[0]?._id);
  });
});

describe('q', () => {
  const frequentAndRare = (n: number) => ({
    words: ['leak', 'gateway', ...(n === 70 ? ['needle', 'user77', 'example', 'com'] : ['example', 'com'])],
  });
  let queue: Queue;
  beforeAll(async () => {
    queue = await queueOf(uneven, frequentAndRare);
  });
  const found = async (q: string, more: Record<string, string> = {}) => (await walk(queue, { q, ...more })).ids;

  it('finds what has the word, frequent or rare', async () => {
    expect(await found('leak', { limit: '7' })).toEqual(idsOf(queue.all));
    const needle = queue.all.filter(({ words }) => words.includes('needle'));
    expect(needle).toHaveLength(1);
    expect(await found('needle')).toEqual(idsOf(needle));
    expect(await found('NEEDLE Leak')).toEqual(idsOf(needle));
    expect(await found('user77@example.com')).toEqual(idsOf(needle));
  });

  it('goes together with filters', async () => {
    const open = queue.all.filter(({ status, severity }) => status === 'open' && severity !== 'low');
    const query = { status: 'open', severity: 'medium,high,critical', limit: '3' };
    expect(await found('leak gateway', query)).toEqual(idsOf(open));
    const [needle] = queue.all.filter(({ words }) => words.includes('needle'));
    for (const status of escalationStatuses) {
      expect(await found('needle', { status })).toEqual(needle?.status === status ? [needle._id] : []);
    }
  });

  it('takes its words for beginnings where no escalation has them', async () => {
    expect(await found('lea gatew', { limit: '7' })).toEqual(idsOf(queue.all));
    expect(await found('lea need')).toHaveLength(1);
    expect(await found('eedle')).toEqual([]);
  });

  it('looks through a thousand escalations a page for beginnings, and misses none', async () => {
    const times = Array.from({ length: 2_500 }, (_, n) => now - n * 10);
    const long = await queueOf(times, (n) => ({ words: n % 900 === 899 ? ['needle'] : ['hay'] }));
    const { ids, sizes } = await walk(long, { q: 'need' });
    expect(ids).toEqual(idsOf(long.all.filter(({ words }) => words.includes('needle'))));
    expect(sizes).toEqual([1, 1, 0]);
  });

  it.each(['', ' ', '+'])('that is blank (%j) is none', async (q) => {
    expect(dataOf(await queue.key.get(`${queue.path}?q=${q}`))).toHaveLength(50);
  });

  it.each(['.*', '^', '$', '!?', '\u0000', '[', '\\', '%'])('that is %j has no word, and finds nothing', async (q) => {
    expect(await found(q)).toEqual([]);
  });

  it.each(['$where', 'a.b', '{"$gt":""}', 'needle[', 'need.*', 'NÉEDLE'])(
    'is never a pattern or an operator: %s',
    async (q) => {
      const expected = q === 'needle[' || q === 'NÉEDLE' ? 1 : 0;
      expect(await found(q)).toHaveLength(q === 'need.*' ? 1 : expected);
    },
  );

  it('finds a raised escalation by id, title, gateway, actor, source id and reason', async () => {
    const org = await app.newOrg();
    const path = `/orgs/${org}/escalations`;
    const made = await app.admin.post(path, {
      title: 'Crème brûlée',
      severity: 'low',
      reason: 'because 東京',
      gateway: { id: 'gw-9', environment: 'production' },
      actor: { name: 'Ada Lovelace', email: 'ada@example.com' },
      source_id: 'their-77',
      context: { secret: 'unfindable' },
    });
    await app.admin.post(path, { title: 'Another', severity: 'low' });
    const id = made.body.id as string;
    for (const q of [
      id,
      id.slice(0, 20),
      'creme BRULEE',
      'gw-9',
      'lovel',
      'ada@example.com',
      'their-77',
      '東京',
      'prod',
    ]) {
      const answer = await app.admin.get(`${path}?${new URLSearchParams({ q }).toString()}`);
      // Both ids were made in the same second, so a piece of one may be the beginning of both.
      expect(dataOf(answer).map((one) => one.id)).toContain(id);
    }
    expect((await app.admin.get(`${path}?q=unfindable`)).body.data).toEqual([]);
    expect(dataOf(await app.admin.get(`${path}?q=lovelace`))).toHaveLength(1);
  });
});
