import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claim } from '../../src/escalations/transitions.js';
import { newId } from '../../src/lib/ids.js';
import {
  applied,
  createdEvent,
  makeSource,
  pathsOf,
  resolvedEvent,
  startSourcesApp,
  type SourcesApp,
  type TestSource,
} from './sources-harness.js';

let app: SourcesApp;
/** One that raises nothing, and one that has raised `case-1`. */
let refusing: TestSource;
let holders: TestSource;
beforeAll(async () => {
  app = await startSourcesApp();
  [refusing, holders] = await Promise.all([makeSource(app), makeSource(app)]);
  await holders.send(createdEvent());
});
afterAll(() => app.close());

const wakesFor = (id: string | undefined) => app.wakes.filter(({ _id }) => _id === id);

describe('an escalation raised by a source', () => {
  it('is in the queue with what the source said, by this org’s own terms', async () => {
    const source = await makeSource(app);
    const input = {
      id: 'esc_theirs',
      reason: 'It matched.',
      kind: 'approval',
      gateway: { id: 'gw-1', name: 'EU', environment: 'prod', region: 'x' },
      actor: { id: 'u1', name: null, email: 'u@example.com', type: 'user' },
      context: { 'a.b': [{ $where: '1' }] },
      policy: { id: 'p1', name: 'Residency', version: 3 },
      review_url: 'https://queue.example/cases/1?x=1#y',
      status: 'open',
      sla: { breached: null },
      notes: [],
      ticket: null,
    };
    const before = Date.now();
    const answer = await source.send(createdEvent(input));
    expect([answer.status, answer.body]).toEqual([200, applied(true)]);
    const [escalation, ...others] = await source.escalations();
    expect(others).toEqual([]);
    expect(escalation).toMatchObject({
      org_id: source.org,
      source: source.id,
      source_id: 'case-1',
      status: 'open',
      severity: 'critical',
      title: 'Customer data left the region',
      reason: input.reason,
      kind: 'approval',
      gateway: { id: 'gw-1', name: 'EU', environment: 'prod' },
      actor: input.actor,
      context: JSON.stringify(input.context),
      policy: { id: 'p1', name: 'Residency' },
      review_url: input.review_url,
      event_id: null,
      claimed_by: null,
      terms: { open_ticket: true, mapped_severity: 'Highest', on_resolve: 'comment' },
    });
    expect(escalation?.gateway).not.toHaveProperty('region');
    const dueIn = Number(escalation?.terms.acknowledge_due_at) - before;
    expect(Math.round(dueIn / 60_000)).toBe(5);
    // Its workflow is the dispatcher's.
    expect(escalation?.ring_after?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(wakesFor(escalation?._id)).toEqual([]);
  });

  it('needs no more than a name, a title and a severity; nulls and the id instead are fine', async () => {
    const source = await makeSource(app);
    await source.send(createdEvent());
    const nothing = {
      reason: null,
      kind: null,
      gateway: null,
      actor: null,
      context: null,
      policy: null,
      review_url: null,
    };
    await source.send(createdEvent({ ...nothing, source_id: null, id: 'esc_theirs' }, { timestamp: null }));
    await source.send(createdEvent({ source_id: 'case-3', actor: {}, gateway: { id: 'g' }, reason: '' }));
    const all = await source.escalations();
    expect(all.map(({ source_id }) => source_id)).toEqual(['case-1', 'esc_theirs', 'case-3']);
    for (const one of all.slice(0, 2)) expect(one).toMatchObject({ ...nothing, kind: 'review' });
    const person = { id: null, name: null, email: null, type: null };
    expect(all[2]).toMatchObject({ actor: person, gateway: { id: 'g', name: null, environment: null }, reason: null });
  });

  it('is one, however often and at once it is sent, and by whichever event', async () => {
    const source = await makeSource(app);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => source.send(createdEvent({ title: `Take ${n}` }, { id: `evt_${n}` }))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ body }) => (body as ReturnType<typeof applied>).applied.escalation)).toHaveLength(1);
    expect(await source.escalations()).toHaveLength(1);
    expect((await source.send(createdEvent())).body).toEqual(applied(false));
  });

  it('is another one for another source, and apart from what the org raises itself', async () => {
    const source = await makeSource(app);
    const other = await makeSource(app, source.org);
    const foreign = await makeSource(app);
    for (const one of [source, other, foreign]) expect((await one.send(createdEvent())).body).toEqual(applied(true));
    expect((await source.escalations()).map((one) => one.source)).toEqual([source.id, other.id]);
    expect(await foreign.escalations()).toHaveLength(1);
    const [first] = await source.escalations();
    if (!first) throw new Error('There is none.');
    const { kind, severity, title, reason, gateway, actor, policy, event_id, source_id, review_url } = first;
    const input = { kind, severity, title, reason, gateway, actor, policy, event_id, source_id, review_url };
    const own = await app.service.raise(source.org, newId('esc'), { ...input, context: null, source: null });
    expect(own.isNew).toBe(true);
    await other.send(resolvedEvent());
    const statuses = (await source.escalations()).map((one) => [one.source, one.status]);
    expect(statuses).toContainEqual([other.id, 'resolved']);
    expect(statuses).toContainEqual([source.id, 'open']);
    expect(statuses).toContainEqual([null, 'open']);
  });

  it('has its texts cut where they are too long, and between characters', async () => {
    const source = await makeSource(app);
    const long = `x${'🎫'.repeat(10_000)}`;
    const input = { title: long, reason: long, gateway: { id: long, name: long }, actor: { email: long } };
    expect((await source.send(createdEvent(input))).status).toBe(200);
    const [escalation] = await source.escalations();
    const cut = [escalation?.title, escalation?.reason, escalation?.gateway?.id, escalation?.actor?.email];
    for (const [index, max] of [500, 10_000, 255, 320].entries()) {
      expect(cut[index]).toMatch(/^x(🎫)+…$/u);
      expect(cut[index]?.length).toBeLessThanOrEqual(max);
      expect(cut[index]?.length).toBeGreaterThanOrEqual(max - 1);
    }
  });

  it.each<[string, object, string]>([
    ['no name', { source_id: undefined }, 'data.source_id'],
    ['an empty name', { source_id: '' }, 'data.source_id'],
    ['a name that is too long', { source_id: 'x'.repeat(256) }, 'data.source_id'],
    ['an operator for a name', { source_id: { $ne: null } }, 'data.source_id'],
    ['a list for an id', { id: [5] }, 'data.id'],
    ['no title', { title: undefined }, 'data.title'],
    ['an empty title', { title: '' }, 'data.title'],
    ['a list for a title', { title: ['x'] }, 'data.title'],
    ['no severity', { severity: undefined }, 'data.severity'],
    ['an unknown severity', { severity: 'fatal' }, 'data.severity'],
    ['an unknown kind', { kind: 'budget' }, 'data.kind'],
    ['a number for a reason', { reason: 5 }, 'data.reason'],
    ['a gateway without an id', { gateway: { name: 'x' } }, 'data.gateway.id'],
    ['a text for a gateway', { gateway: 'x' }, 'data.gateway'],
    ['a list for an actor', { actor: [] }, 'data.actor'],
    ['a policy without a name', { policy: { id: 'p' } }, 'data.policy.name'],
    ['a page that runs code', { review_url: 'javascript:alert(1)' }, 'data.review_url'],
    ['a page with credentials', { review_url: 'https://u:p@queue.example/' }, 'data.review_url'],
    ['a page that is no URL', { review_url: 'https://' }, 'data.review_url'],
    ['a page with a line in it', { review_url: 'https://queue.example/\nx' }, 'data.review_url'],
    ['a page that is too long', { review_url: `https://queue.example/${'x'.repeat(2_000)}` }, 'data.review_url'],
  ])('is refused with %s, and nothing is raised', async (_name, data, at) => {
    const source = refusing;
    const refused = await source.send(createdEvent(data));
    expect([refused.status, refused.body.code, pathsOf(refused)]).toEqual([422, 'validation_failed', [at]]);
    expect(await source.escalations()).toEqual([]);
  });
});

describe('a resolution by a source', () => {
  it('resolves its escalation, whoever has claimed it, and wakes its workflow once', async () => {
    const source = await makeSource(app);
    await source.send(createdEvent());
    const [raised] = await source.escalations();
    const by = { id: 'ana', name: 'Ana', via: 'key_1' };
    // Claimed while it was decided here.
    await app.store.escalations.updateOne({ _id: String(raised?._id) }, { $set: { source: null } });
    await app.store.change({ _id: String(raised?._id) }, claim({ id: '1', by, mayConfigure: false }));
    await app.store.escalations.updateOne({ _id: String(raised?._id) }, { $set: { source: source.id } });

    const person = { id: 'bo', name: 'Bo', email: 'bo@example.com' };
    const event = resolvedEvent({ resolved_by: person, notes: 'Checked.', resolved_at: '2026-01-01T00:00:00.000Z' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => source.send(event)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ body }) => (body as ReturnType<typeof applied>).applied.escalation)).toHaveLength(1);
    const [resolved] = await source.escalations();
    expect(resolved).toMatchObject({
      status: 'resolved',
      resolution: 'denied',
      resolved_by: { id: 'bo', name: 'Bo', via: source.id },
      claimed_by: by,
    });
    expect(resolved?.history.map(({ kind, text }) => [kind, text])).toEqual([
      ['raised', null],
      ['claimed', null],
      ['resolved', 'Checked.'],
    ]);
    expect(wakesFor(resolved?._id)).toHaveLength(1);
  });

  it('a second time, by the same event or another, changes nothing', async () => {
    const source = await makeSource(app);
    await source.send(createdEvent());
    expect((await source.send(resolvedEvent())).body).toEqual(applied(true));
    const first = await source.escalations();
    const again = [
      await source.send(resolvedEvent()),
      await source.send(resolvedEvent({ resolution: 'approved' }, { id: 'another' })),
      await source.send(createdEvent()),
    ];
    expect(again.map(({ status, body }) => [status, body])).toEqual(again.map(() => [200, applied(false)]));
    expect(await source.escalations()).toEqual(first);
    expect(wakesFor(first[0]?._id)).toHaveLength(1);
  });

  it('is in the source’s name when it does not say whose', async () => {
    const source = await makeSource(app);
    const unsaid = [undefined, null, {}, { id: null, name: '' }, { id: 'bo' }];
    for (const [index, resolved_by] of unsaid.entries()) {
      const source_id = `case-${index}`;
      await source.send(createdEvent({ source_id }));
      expect((await source.send(resolvedEvent({ source_id, resolved_by }))).status).toBe(200);
    }
    const by = (await source.escalations()).map(({ resolved_by }) => resolved_by);
    const theirs = { id: source.id, name: source.name, via: source.id };
    expect(by).toEqual([theirs, theirs, theirs, theirs, { ...theirs, id: 'bo' }]);
  });

  it('finds its escalation by either name, and takes a list of notes for none', async () => {
    const source = await makeSource(app);
    await source.send(createdEvent({ source_id: 'case-1', id: 'esc_1' }));
    await source.send(createdEvent({ source_id: null, id: 'esc_2' }));
    const notes = [{ body: 'x' }];
    for (const names of [
      { source_id: 'case-1', id: 'esc_1' },
      { source_id: 'ours', id: 'esc_2' },
    ]) {
      expect((await source.send(resolvedEvent({ ...names, notes }))).body).toEqual(applied(true));
    }
    expect((await source.escalations()).map(({ history }) => history.at(-1)?.text)).toEqual([null, null]);
  });

  it('before the raising is not found, and taken when it comes again', async () => {
    const source = await makeSource(app);
    const early = await source.send(resolvedEvent());
    expect([early.status, early.body.code]).toEqual([404, 'not_found']);
    expect(await source.escalations()).toEqual([]);
    await source.send(createdEvent());
    expect((await source.send(resolvedEvent())).body).toEqual(applied(true));
  });

  it('of another source’s escalation, or of one of the org’s own, is not found', async () => {
    const source = await makeSource(app);
    const other = await makeSource(app, source.org);
    await other.send(createdEvent());
    const [theirs] = await source.escalations();
    for (const source_id of ['case-1', `${other.id}/case-1`, String(theirs?._id)]) {
      expect((await source.send(resolvedEvent({ source_id }))).status).toBe(404);
    }
    expect(await source.escalations()).toEqual([theirs]);
  });

  it.each<[string, object, string]>([
    ['no resolution', { resolution: undefined }, 'data.resolution'],
    ['an unknown resolution', { resolution: 'closed' }, 'data.resolution'],
    ['no name', { source_id: null }, 'data.source_id'],
    ['a text for a person', { resolved_by: 'bo' }, 'data.resolved_by'],
    ['a number for notes', { notes: 5 }, 'data.notes'],
  ])('is refused with %s, and nothing is resolved', async (_name, data, at) => {
    const source = holders;
    const before = await source.escalations();
    const refused = await source.send(resolvedEvent(data));
    expect([refused.status, pathsOf(refused)]).toEqual([422, [at]]);
    expect(await source.escalations()).toEqual(before);
  });
});
