import type { EscalationTerms } from '../../../src/events/model.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EscalationDoc } from '../../../src/escalations/model.js';
import { newEscalation, type Raised } from '../../../src/escalations/new-escalation.js';
import { defaultRouting, termsOf } from '../../../src/escalations/routing/routing.js';
import { escalationSubject } from '../../../src/escalations/ticket-subject.js';
import { newId } from '../../../src/lib/ids.js';
import type { SubjectSnapshot } from '../../../src/tickets/subject.js';
import { openTestDatabase, type TestDatabase } from '../../support/mongo.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const publicUrl = 'https://bridge.example';
const at = new Date('2026-03-01T12:00:00Z');
const raisedAs: Raised = {
  kind: 'review',
  severity: 'critical',
  title: 'Customer data in a prompt',
  reason: 'Two card numbers.\nSee the record.',
  gateway: { id: 'gw_1', name: 'EU gateway', environment: 'production' },
  actor: { id: 'u_1', name: 'Ada Lovelace', email: 'ada@example.com', type: 'user' },
  context: JSON.stringify({ prompt: 'only-for-reviewers' }),
  policy: { id: 'pol_1', name: 'No PII' },
  event_id: null,
  source_id: null,
  source: null,
  review_url: null,
};

const subject = () => escalationSubject(database.models.escalations, publicUrl);

async function raise(changed: Partial<Raised> = {}, terms: Partial<EscalationTerms> = {}): Promise<EscalationDoc> {
  const raised = { ...raisedAs, ...changed };
  const all = { ...termsOf(defaultRouting, raised.severity, at), ...terms };
  const escalation = newEscalation({ id: newId('esc'), orgId: 'acme', raised, terms: all, at });
  await database.models.escalations.insertMany([escalation], { lean: true });
  return escalation;
}

async function snapshotOf(
  changed: Partial<Raised> = {},
  terms: Partial<EscalationTerms> = {},
): Promise<SubjectSnapshot> {
  const { _id: id } = await raise(changed, terms);
  const snapshot = await subject().snapshot('acme', id);
  if (!snapshot) throw new Error('There is no snapshot.');
  return snapshot;
}

/** The description's paragraphs: what it waits for, the link, the facts, «Reason:», the reason. */
const partsOf = ({ description }: SubjectSnapshot) => description.split('\n\n');

describe('an escalation’s ticket', () => {
  it('says what it is about, where it is decided, and how bad it is in the tracker’s terms', async () => {
    const { _id: id } = await raise({}, { mapped_severity: { impact: 1, urgency: '2' }, connection_id: 'con_1' });
    const url = `https://bridge.example/escalations/${id}/review`;
    expect(await subject().snapshot('acme', id)).toEqual({
      title: 'Customer data in a prompt',
      description: [
        'This escalation waits for a review. It is decided on its review page; closing this ticket decides nothing.',
        `Review: <${url}>`,
        '- Severity: critical\n- Gateway: EU gateway (production)\n- Actor: Ada Lovelace\n- Policy: No PII',
        'Reason:',
        '> Two card numbers.\n> See the record.',
      ].join('\n\n'),
      url,
      severity: 'critical',
      mappedSeverity: { impact: 1, urgency: '2' },
      connectionId: 'con_1',
      metadata: {
        subject_type: 'escalation',
        subject_id: id,
        severity: 'critical',
        gateway: 'EU gateway (production)',
        actor: 'Ada Lovelace',
        policy: 'No PII',
        reason: 'Two card numbers.\nSee the record.',
      },
    });
  });

  it('leads to the page of the queue that decides it', async () => {
    const snapshot = await snapshotOf({ review_url: 'https://queue.example/r/1?a=b' });
    expect(snapshot.url).toBe('https://queue.example/r/1?a=b');
    expect(partsOf(snapshot)[1]).toBe('Review: <https://queue.example/r/1?a=b>');
  });

  it('leaves out what nobody said, and names by what there is', async () => {
    const bare = await snapshotOf({ kind: 'approval', reason: null, gateway: null, actor: null, policy: null });
    expect(partsOf(bare).at(-1)).toBe('- Severity: critical');
    expect(bare.description).toContain('waits for an approval');
    expect(bare.metadata).toMatchObject({ gateway: null, actor: null, policy: null, reason: null });
    const gateway = { id: 'gw_1', name: null, environment: null };
    const nameless = { id: 'u_1', name: null, email: 'ada@example.com', type: null };
    expect((await snapshotOf({ gateway, actor: nameless })).metadata).toMatchObject({
      gateway: 'gw_1',
      actor: 'ada@example.com',
    });
    expect((await snapshotOf({ actor: { ...nameless, email: null } })).metadata.actor).toBe('u_1');
  });

  it('tells nothing of the interaction itself', async () => {
    expect(JSON.stringify(await snapshotOf())).not.toContain('only-for-reviewers');
  });

  it('is its org’s alone, and takes any status without being changed by it', async () => {
    const { _id: id } = await raise();
    expect([await subject().exists('acme', id), await subject().exists('other', id)]).toEqual([true, false]);
    expect(await subject().snapshot('other', id)).toBeNull();
    const stored = () => database.models.escalations.findById(id).lean();
    const before = await stored();
    expect(subject().statuses).toBeNull();
    await subject().applyStatus('acme', id, 'resolved');
    expect(await stored()).toEqual(before);
  });
});

describe('hostile texts in a ticket', () => {
  it.each([
    ['a link with another label', '[Approve](https://evil.example)', '\\[Approve\\](https://evil.example)'],
    ['a picture', '![x](https://evil.example/p.png)', '!\\[x\\](https://evil.example/p.png)'],
    ['HTML', '<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)>'],
    ['an entity', '&lt;b&gt; & R&D', '\\&lt;b\\&gt; & R&D'],
    ['emphasis', '**now** _really_ ~~no~~ snake_case', '\\*\\*now\\*\\* \\_really\\_ \\~\\~no\\~\\~ snake_case'],
    ['code', '```sh `x`', '\\`\\`\\`sh \\`x\\`'],
    ['a heading', '# Approved', '\\# Approved'],
    ['a quotation', '> said', '\\> said'],
    ['a rule or an underline', '---', '\\---'],
    ['another underline', '===', '\\==='],
    ['a list', '1. one', '1\\. one'],
    ['what is no list', '12 of 3.5, v1.2-3', '12 of 3.5, v1.2-3'],
    ['a table', '|a|b|', '\\|a\\|b\\|'],
    ['an escape', '\\[x](y) \\\\', '\\\\\\[x\\](y) \\\\\\\\'],
    ['direction and control', 'a\u202eb\u0000c\u001b[31m', 'abc\\[31m'],
  ])('are shown as they were written: %s', async (_, text, shown) => {
    const policy = { id: 'p', name: text };
    const snapshot = await snapshotOf({ reason: `First\n  ${text}\nlast`, policy });
    expect(partsOf(snapshot).at(-1)).toBe(`> First\n> ${shown}\n> last`);
    expect(partsOf(snapshot)[2]).toContain(`- Policy: ${shown}`);
  });

  it('begin no paragraph of their own, whatever ends their lines', async () => {
    const policy = { id: 'p', name: 'x\n\n# y\u2028z' };
    const snapshot = await snapshotOf({ reason: 'a\n\n\u2029# b\r\r\n    c', policy, title: 'One\r\ntwo' });
    expect(snapshot.title).toBe('One two');
    expect(partsOf(snapshot)).toHaveLength(5);
    expect(partsOf(snapshot)[2]).toMatch(/\n- Policy: x # y z$/);
    const reason = partsOf(snapshot).at(-1)?.split('\n');
    expect(reason).toEqual(['> a', '>', '>', '> \\# b', '>', '> c']);
  });

  it('in a review link end in its brackets', async () => {
    const snapshot = await snapshotOf({ review_url: 'https://queue.example/a>b [x](y)`*' });
    expect(partsOf(snapshot)[1]).toMatch(/^Review: <https:\/\/queue\.example\/[\w%[\]()*]+>$/);
  });

  it('never make a title, a fact or the whole too long, and never lose the link', async () => {
    const hostile = fc.string({ unit: fc.constantFrom('\\', '*', '\n', '_', '🔐', 'a', '\ud800', '> ', '&lt;') });
    await fc.assert(
      fc.asyncProperty(hostile, fc.integer({ min: 1, max: 40_000 }), async (some, length) => {
        const long = (some || 'x').repeat(Math.ceil(length / (some || 'x').length));
        const snapshot = await snapshotOf({
          title: `t${long.slice(0, 499)}`,
          reason: long,
          policy: { id: 'p', name: long },
          actor: { id: long, name: long, email: null, type: null },
          gateway: { id: 'gw', name: long, environment: long },
        });
        const { title, description, url } = snapshot;
        expect(title.length).toBeLessThanOrEqual(500);
        expect(description.length).toBeLessThanOrEqual(32_000);
        expect(description).toContain(`Review: <${url}>\n\n- Severity: critical`);
        expect(description.slice(0, description.indexOf('Reason:')).length).toBeLessThan(2_500);
        expect(description).not.toMatch(/\p{Cs}/u);
        // Each backslash escapes something: none is left alone before the end or the ellipsis.
        expect(description.replace(/\\[!-/:-@[-`{-~]/g, '')).not.toContain('\\');
      }),
      { numRuns: 60 },
    );
  });
});
