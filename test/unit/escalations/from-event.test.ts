import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escalationOfEvent } from '../../../src/escalations/from-event.js';
import { newEvent } from '../../../src/events/new-event.js';
import { raising } from '../../support/events.js';

const at = new Date('2026-05-01T10:00:00.000Z');

const eventOf = (data: string, raise = raising('esc_1')) =>
  newEvent({
    id: 'evt_1',
    orgId: 'acme',
    type: 'event.created',
    data,
    occurredAt: new Date(0),
    sourceId: 'theirs',
    at,
    raise,
    graceMs: 0,
  });

const of = (data: unknown) => escalationOfEvent(eventOf(JSON.stringify(data)));

describe('an escalation of an event', () => {
  it('is raised when the event came, as policy and routing said then', () => {
    const event = eventOf('{}');
    expect(escalationOfEvent(event)).toMatchObject({
      _id: 'esc_1',
      org_id: 'acme',
      dedupe_key: 'esc_1',
      kind: 'review',
      status: 'open',
      severity: 'high',
      title: 'Policy p',
      policy: { id: 'p', name: 'Policy p' },
      event_id: 'evt_1',
      source_id: null,
      source: null,
      review_url: null,
      gateway: null,
      actor: null,
      reason: null,
      context: null,
      terms: event.raise?.terms,
      created_at: at,
      ring_after: at,
    });
  });

  it('has its policy’s title, cut', () => {
    const titled = (title: string) => {
      const raise = raising('esc_1');
      return escalationOfEvent(eventOf('{}', raise && { ...raise, title })).title;
    };
    expect(titled('A lot of money')).toBe('A lot of money');
    expect(titled('x'.repeat(600))).toBe('x'.repeat(500));
  });

  it.each([
    ['gw-1', { id: 'gw-1', name: null, environment: null }],
    [7, { id: '7', name: null, environment: null }],
    [
      { id: 'gw', name: 'Pay', environment: 'prod', more: 1 },
      { id: 'gw', name: 'Pay', environment: 'prod' },
    ],
    [
      { id: 0, environment: 2 },
      { id: '0', name: null, environment: '2' },
    ],
    [{ name: 'Pay' }, { id: 'Pay', name: 'Pay', environment: null }],
    [
      { id: {}, name: 'Pay', environment: [] },
      { id: 'Pay', name: 'Pay', environment: null },
    ],
    [{ environment: 'prod' }, null],
    ['x'.repeat(300), { id: 'x'.repeat(200), name: null, environment: null }],
    ['', null],
    [true, null],
    [['gw'], null],
    [null, null],
    [undefined, null],
  ])('takes the gateway %j over', (gateway, taken) => {
    expect(of({ gateway }).gateway).toEqual(taken);
  });

  it.each([
    ['ada', { id: 'ada', name: null, email: null, type: null }],
    [
      { id: 'u1', name: 'Ada', email: 'ada@example.com', type: 'user', role: 'x' },
      { id: 'u1', name: 'Ada', email: 'ada@example.com', type: 'user' },
    ],
    [{ email: 'e'.repeat(400) }, { id: null, name: null, email: 'e'.repeat(320), type: null }],
    [{ name: '', type: null, email: {} }, null],
    [{}, null],
    [[], null],
    [false, null],
  ])('takes the actor %j over', (actor, taken) => {
    expect(of({ actor }).actor).toEqual(taken);
  });

  it.each([
    ['because', 'because'],
    ['x'.repeat(10_001), 'x'.repeat(10_000)],
    [`${'x'.repeat(9_999)}🦆`, 'x'.repeat(9_999)],
    [{ code: 7 }, '{"code":7}'],
    [['x'.repeat(10_000)], `["${'x'.repeat(9_998)}`],
    [0, '0'],
    ['', null],
    [null, null],
    [undefined, null],
  ])('takes a reason over, as text', (reason, taken) => {
    expect(of({ reason }).reason).toBe(taken);
  });

  it.each([
    [{ 'a.b': { $ne: [null] } }, '{"a.b":{"$ne":[null]}}'],
    [[1, 2], '[1,2]'],
    ['text', '"text"'],
    [0, '0'],
    [false, 'false'],
    ['x'.repeat(64 * 1024 - 2), `"${'x'.repeat(64 * 1024 - 2)}"`],
    ['x'.repeat(64 * 1024 - 1), null],
    ['é'.repeat(32 * 1024), null],
    [null, null],
    [undefined, null],
  ])('takes a context over, whole or not at all', (context, taken) => {
    expect(of({ context }).context).toBe(taken);
  });

  it('keeps __proto__ in a context as text', () => {
    const data = '{"context":{"__proto__":{"x":1}},"__proto__":{"gateway":"sneaked in"}}';
    const escalation = escalationOfEvent(eventOf(data));
    expect(escalation.context).toBe('{"__proto__":{"x":1}}');
    expect(escalation.gateway).toBeNull();
  });

  it('is refused for an event that raises none', () => {
    expect(() => escalationOfEvent(eventOf('{}', null))).toThrow('raises nothing');
  });

  it('fits its limits, whatever the data holds', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 12_000 }), fc.jsonValue());
    const text = fc.oneof(anything, fc.string({ unit: 'binary', maxLength: 500 }));
    const fields = (names: string[]) =>
      fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] });
    const data = fc.record(
      {
        gateway: fc.oneof(text, fields(['id', 'name', 'environment'])),
        actor: fc.oneof(text, fields(['id', 'name', 'email', 'type'])),
        reason: anything,
        context: anything,
      },
      { requiredKeys: [] },
    );
    const isText = (value: unknown, maxLength: number) =>
      value === null || (typeof value === 'string' && value.length > 0 && value.length <= maxLength);
    fc.assert(
      fc.property(data, (value) => {
        const { gateway, actor, reason, context } = of(value);
        expect(gateway === null || isText(gateway.id, 200)).toBe(true);
        for (const part of [gateway?.name, gateway?.environment]) expect(isText(part ?? null, 200)).toBe(true);
        for (const part of [actor?.id, actor?.name, actor?.type]) expect(isText(part ?? null, 200)).toBe(true);
        expect(isText(actor?.email ?? null, 320)).toBe(true);
        expect(isText(reason, 10_000)).toBe(true);
        const { context: given = null } = JSON.parse(JSON.stringify(value)) as { context?: unknown };
        expect(context === null ? null : JSON.parse(context)).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });
});
