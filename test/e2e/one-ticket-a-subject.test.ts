import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import type { Api } from '../support/http.js';
import type { RunningApi } from '../support/product.js';
import { databaseOf } from './support/database.js';
import { openTracked, pick, statusesOf } from './support/tracked.js';

const tracked = await openTracked();
const { product, tracker } = tracked;
const database = databaseOf(product);
const apis: Record<'mock' | 'webhook', RunningApi[]> = { mock: [], webhook: [] };
let org: { id: string; path: string };

beforeAll(async () => {
  const [first, second, third, fourth] = await Promise.all([
    product.startApi(),
    product.startApi(),
    product.startApi({ env: { TICKET_PROVIDER: 'mock' } }),
    product.startApi({ env: { TICKET_PROVIDER: 'mock' } }),
    product.startWorker(),
  ]);
  apis.webhook = [first, second];
  apis.mock = [third, fourth];
  org = await makeOrg(first.admin);
});
afterAll(() => tracked.close());

/** How many tickets the tracker itself counts for a link. */
const ticketsAt = {
  webhook: (linkId: string) => Promise.resolve(tracker.tickets().filter((ticket) => ticket.linkId === linkId).length),
  mock: async (linkId: string) =>
    (await database()).collection<{ _id: string }>('mock_tickets').countDocuments({ _id: linkId }),
};

describe.each(['mock', 'webhook'] as const)('with the %s', (provider) => {
  const admins = () => apis[provider].map((api) => api.admin);

  async function createAtOnce(times: number, callers: Api[]) {
    const request = await makeEvidenceRequest(pick(callers, 0), org.path);
    const before = tracker.tickets().length;
    const calls = Array.from({ length: times }, (_, n) => pick(callers, n).post(`${request.path}/ticket`));
    const answers = await Promise.all(calls);
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    return { request, answers, made, refused, newAtTracker: tracker.tickets().length - before };
  }

  it.each([
    ['two creates at once', 2, 1],
    ['ten creates at once', 10, 1],
    ['two creates at once through two API processes', 2, 2],
    ['ten creates at once through two API processes', 10, 2],
  ])('%s make one ticket, and all but one are told that it exists', async (_, times, processes) => {
    const { request, answers, made, refused, newAtTracker } = await createAtOnce(times, admins().slice(0, processes));
    expect(statusesOf(answers)).toEqual([201, ...Array<number>(times - 1).fill(409)]);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['ticket_exists']));
    const link = made[0]?.body;
    expect(await ticketsAt[provider](link.id)).toBe(1);
    expect(newAtTracker).toBe(provider === 'webhook' ? 1 : 0);
    const shown = await pick(admins(), 0).get(`${request.path}/ticket`);
    expect(shown).toMatchObject({ status: 200, body: { id: link.id, provider, external_id: link.external_id } });
    const links = (await database()).collection('ticket_links');
    expect(await links.countDocuments({ 'subject.id': request.id })).toBe(1);
  });

  it('a create on a linked subject is refused with the ticket that there is', async () => {
    const { request, made } = await createAtOnce(1, admins());
    const again = await pick(admins(), 0).post(`${request.path}/ticket`);
    expect(again).toMatchObject({ status: 409, body: { code: 'ticket_exists' } });
    expect(again.body.detail).toContain(made[0]?.body.external_id);
  });
});
