import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/lib/ids.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { escalationParts, type EscalationParts } from '../support/escalations.js';
import type { Api, ApiAnswer } from '../support/http.js';

let app: TestApp;
let parts: EscalationParts;
let org: string;
let path: string;
/** Speaks for whoever it names. */
let context: Api & { keyId: string };
let configurer: Api;
beforeAll(async () => {
  app = await startTestApp({
    routes: ({ models }) => {
      parts = escalationParts(models);
      return parts.routes;
    },
  });
  org = await app.newOrg();
  path = `/orgs/${org}/escalations`;
  context = await app.keyOf(org, ['review'], { may_act: true });
  configurer = await app.keyOf(org, ['configure'], { acts_as: { id: 'boss', name: 'Boss' } });
});
afterAll(() => app.close());

const as = (id: string) => ({ 'X-Actor-Id': id, 'X-Actor-Name': id.toUpperCase() });
const person = (id: string) => ({ id, name: id.toUpperCase(), via: context.keyId });
const codeOf = ({ status, body }: ApiAnswer): [number, unknown] => [status, body.code];

async function raised(fields: object = {}): Promise<string> {
  const made = await configurer.post(path, { title: 'A', severity: 'critical', ...fields });
  return `${path}/${String(made.body.id)}`;
}

/** Raised and claimed by this actor. */
async function claimedBy(id: string): Promise<string> {
  const at = await raised();
  expect((await context.post(`${at}/claim`, undefined, as(id))).status).toBe(200);
  return at;
}

const historyOf = async (at: string) => (await parts.store.find(at.split('/').at(-1) ?? ''))?.history ?? [];

describe('claiming', () => {
  it('makes the escalation the actor’s, and wakes its workflow', async () => {
    const at = await raised();
    const { status, body } = await context.post(`${at}/claim`, {}, as('ada'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'claimed', claimed_by: person('ada'), claimed_at: body.updated_at as string });
    expect((await context.get(at)).body).toEqual(body);
    expect(parts.woken).toContain(body.id);
  });

  it('is one’s at once of two, and the other is told who has it', async () => {
    const at = await raised();
    const both = await Promise.all(['ada', 'bob'].map((id) => context.post(`${at}/claim`, undefined, as(id))));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = both.find(({ status }) => status === 200)?.body.claimed_by.id as string;
    const loser = both.find(({ status }) => status === 409)?.body;
    expect(loser.code).toBe('already_claimed');
    expect(loser.detail).toContain(winner.toUpperCase());
    expect((await context.get(at)).body.claimed_by).toEqual(person(winner));
  });

  it('by the same actor again changes nothing', async () => {
    const at = await claimedBy('ada');
    const before = (await context.get(at)).body;
    const again = await context.post(`${at}/claim`, undefined, as('ada'));
    expect([again.status, again.body]).toEqual([200, before]);
    expect(await historyOf(at)).toHaveLength(2);
  });

  it('conflicts by actor, not by key', async () => {
    const at = await claimedBy('ada');
    const sister = await app.keyOf(org, ['review'], { acts_as: { id: 'ada', name: 'Ada' } });
    expect((await sister.post(`${at}/claim`)).status).toBe(200);
    expect(codeOf(await configurer.post(`${at}/claim`))).toEqual([409, 'already_claimed']);
  });
});

describe('releasing', () => {
  it('gives the escalation back, and anyone may claim it', async () => {
    const at = await claimedBy('ada');
    const { status, body } = await context.post(`${at}/release`, undefined, as('ada'));
    expect([status, body.status, body.claimed_by, body.claimed_at]).toEqual([200, 'open', null, null]);
    expect((await context.post(`${at}/claim`, undefined, as('bob'))).body.claimed_by).toEqual(person('bob'));
  });

  it('is for the claimer, or for configure', async () => {
    const at = await claimedBy('ada');
    expect(codeOf(await context.post(`${at}/release`, undefined, as('bob')))).toEqual([403, 'not_claimer']);
    expect((await context.get(at)).body.status).toBe('claimed');
    expect((await configurer.post(`${at}/release`)).status).toBe(200);
    expect(codeOf(await configurer.post(`${at}/release`))).toEqual([409, 'not_claimed']);
    expect((await app.admin.post(`${await claimedBy('ada')}/release`)).status).toBe(200);
  });
});

describe('resolving', () => {
  it.each(['approved', 'denied', 'dismissed', 'remediated'])(
    'as %s is recorded, and its words are a note',
    async (resolution) => {
      const at = await claimedBy('ada');
      const { status, body } = await context.post(`${at}/resolve`, { resolution, notes: 'Looked *fine*.' }, as('ada'));
      expect(status).toBe(200);
      expect(body).toMatchObject({
        status: 'resolved',
        resolution,
        resolved_by: person('ada'),
        resolved_at: body.updated_at as string,
        claimed_by: person('ada'),
        notes: [{ author: person('ada'), body: 'Looked *fine*.', at: body.resolved_at as string }],
      });
      expect((await context.get(at)).body).toEqual(body);
    },
  );

  it.each([undefined, null, ''])('without words (%j) leaves no note', async (notes) => {
    const at = await claimedBy('ada');
    expect((await context.post(`${at}/resolve`, { resolution: 'denied', notes }, as('ada'))).body.notes).toEqual([]);
  });

  it('is for the claimer, or for configure, and only of what is claimed', async () => {
    const at = await raised();
    const denied = { resolution: 'denied' };
    expect(codeOf(await configurer.post(`${at}/resolve`, denied))).toEqual([409, 'not_claimed']);
    await context.post(`${at}/claim`, undefined, as('ada'));
    expect(codeOf(await context.post(`${at}/resolve`, denied, as('bob')))).toEqual([403, 'not_claimer']);
    const { status, body } = await configurer.post(`${at}/resolve`, denied);
    expect([status, body.resolved_by.id, body.claimed_by.id]).toEqual([200, 'boss', 'ada']);
  });

  it('happens once, also of two calls at once', async () => {
    const at = await claimedBy('ada');
    const calls = ['approved', 'denied'].map((resolution) => context.post(`${at}/resolve`, { resolution }, as('ada')));
    const both = await Promise.all(calls);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(codeOf(await configurer.post(`${at}/resolve`, { resolution: 'approved' }))).toEqual([
      409,
      'already_resolved',
    ]);
    const first = both.find(({ status }) => status === 200)?.body;
    expect((await context.get(at)).body.resolution).toBe(first.resolution);
  });

  it('ends claiming and releasing, but not noting', async () => {
    const at = await claimedBy('ada');
    await context.post(`${at}/resolve`, { resolution: 'denied' }, as('ada'));
    expect(codeOf(await context.post(`${at}/claim`, undefined, as('ada')))).toEqual([409, 'already_resolved']);
    expect(codeOf(await context.post(`${at}/release`, undefined, as('ada')))).toEqual([409, 'already_resolved']);
    expect((await context.post(`${at}/notes`, { body: 'Later' }, as('bob'))).status).toBe(200);
  });
});

describe('noting', () => {
  it('is open to any reviewer, in the order of time, verbatim', async () => {
    const at = await claimedBy('ada');
    await context.post(`${at}/notes`, { body: '<b>$where</b> \u0000 🦆' }, as('bob'));
    const { body } = await configurer.post(`${at}/notes`, { body: 'x'.repeat(10_000) });
    expect(body.notes).toEqual([
      { author: person('bob'), body: '<b>$where</b> \u0000 🦆', at: expect.any(String) as string },
      {
        author: expect.objectContaining({ id: 'boss' }) as object,
        body: 'x'.repeat(10_000),
        at: body.updated_at as string,
      },
    ]);
    expect(body.status).toBe('claimed');
  });

  it('loses none of many at once', async () => {
    const at = await raised();
    const bodies = Array.from({ length: 20 }, (_, n) => `Note ${n}`);
    const answers = await Promise.all(bodies.map((body) => context.post(`${at}/notes`, { body }, as('ada'))));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    const notes = (await context.get(at)).body.notes as { body: string }[];
    expect(notes.map(({ body }) => body).sort()).toEqual([...bodies].sort());
    expect((await historyOf(at)).map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  it('ends at three hundred', async () => {
    const id = newId('esc');
    const at = await raised();
    const first = (await historyOf(at))[0];
    const note = (seq: number) => ({ ...first, seq, id: `${id}/${seq}`, kind: 'noted', by: person('ada'), text: 'A' });
    const history = [first, ...Array.from({ length: 299 }, (_, n) => note(n + 2))];
    const change = { $set: { history, last_seq: history.length } };
    await parts.store.escalations.collection.updateOne({ _id: at.split('/').at(-1) as never }, change);
    expect((await context.post(`${at}/notes`, { body: 'The last' }, as('ada'))).status).toBe(200);
    const refused = await context.post(`${at}/notes`, { body: 'One more' }, as('ada'));
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'body']);
  });
});

describe('each of these calls', () => {
  const calls: [string, object | undefined][] = [
    ['claim', undefined],
    ['notes', { body: 'Once' }],
    ['release', undefined],
    ['claim', {}],
    ['resolve', { resolution: 'approved', notes: 'Once' }],
  ];

  it('is one with one Idempotency-Key, and its first answer is given again', async () => {
    const at = await raised();
    for (const [index, [call, body]] of calls.entries()) {
      const headers = { ...as('ada'), 'Idempotency-Key': `${at}/${index}` };
      const first = await context.post(`${at}/${call}`, body, headers);
      const again = await context.post(`${at}/${call}`, body, headers);
      expect([again.status, again.body]).toEqual([200, first.body]);
      expect(await historyOf(at)).toHaveLength(index + 2);
    }
  });

  it('is one also when the first answer was lost in a crash', async () => {
    const at = await raised();
    const headers = { ...as('ada'), 'Idempotency-Key': `${at}/crash` };
    await context.post(`${at}/notes`, { body: 'Once' }, headers);
    const records = app.connection.collection('idempotency_records');
    const crashed = { $set: { state: 'running', answer: null, lease_until: new Date(0) } };
    expect((await records.updateMany({}, crashed)).modifiedCount).toBeGreaterThan(0);
    const again = await context.post(`${at}/notes`, { body: 'Once' }, headers);
    expect([again.status, again.body.notes.length]).toEqual([200, 1]);
  });

  it('is refused on what a queue elsewhere decides, but for notes', async () => {
    const at = await raised();
    const source = { $set: { source: 'src_1' } };
    await parts.store.escalations.collection.updateOne({ _id: at.split('/').at(-1) as never }, source);
    expect(codeOf(await context.post(`${at}/claim`))).toEqual([409, 'decided_at_source']);
    expect(codeOf(await context.post(`${at}/release`))).toEqual([409, 'decided_at_source']);
    expect(codeOf(await context.post(`${at}/resolve`, { resolution: 'denied' }))).toEqual([409, 'decided_at_source']);
    expect((await context.post(`${at}/notes`, { body: 'A' })).status).toBe(200);
  });

  it.each<[string, object, string]>([
    ['claim', { by: 'me' }, 'by'],
    ['release', { $set: {} }, '$set'],
    ['notes', {}, 'body'],
    ['notes', { body: '' }, 'body'],
    ['notes', { body: 'x'.repeat(10_001) }, 'body'],
    ['notes', { body: 'A', at: 'now' }, 'at'],
    ['resolve', {}, 'resolution'],
    ['resolve', { resolution: 'ignored' }, 'resolution'],
    ['resolve', { resolution: 'denied', notes: 'x'.repeat(10_001) }, 'notes'],
    ['resolve', { resolution: 'denied', resolved_by: 'me' }, 'resolved_by'],
  ])('is refused with a wrong body: %s %j', async (call, body, where) => {
    const { status, body: problem } = await context.post(`${await claimedBy('ada')}/${call}`, body, as('ada'));
    expect([status, problem.errors[0].path]).toEqual([422, where]);
  });

  it('tells of a clock that ran out before it', async () => {
    const at = await raised();
    const late = { $set: { 'terms.acknowledge_due_at': new Date(Date.now() - 1) } };
    await parts.store.escalations.collection.updateOne({ _id: at.split('/').at(-1) as never }, late);
    expect((await context.post(`${at}/claim`, undefined, as('ada'))).body.sla.breached).toBe('acknowledge');
    expect((await historyOf(at)).map(({ kind }) => kind)).toEqual(['raised', 'overdue', 'claimed']);
  });
});
