import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ticketProviderContract } from './contract.js';
import { closing, comment, draft, options, ref } from './drafts.js';
import { openWebhook, secret, type WebhookHarness } from './webhook-harness.js';

ticketProviderContract('webhook', async () => {
  const harness = await openWebhook();
  const { provider, tracker } = harness;
  return {
    provider,
    ticketCount: () => Promise.resolve(tracker.tickets().length),
    stateOf: (id) => Promise.resolve(tracker.tickets().find((ticket) => ticket.externalId === id)?.state ?? null),
    commentCount: (id) => tracker.comments(id).length,
    loseNextAnswer: () => tracker.misbehave({ kind: 'reset', store: true }),
    close: () => harness.close(),
  };
});

describe('webhook: what is sent', () => {
  let harness: WebhookHarness;
  beforeAll(async () => {
    harness = await openWebhook({}, '?team=blue%20whale');
  });
  afterAll(() => harness.close());

  const lastRequest = () => {
    const request = harness.tracker.requests().at(-1);
    if (!request) throw new Error('Nothing was sent.');
    return request;
  };

  const create = draft({
    key: 'tkt_1',
    linkId: 'tkt_1',
    title: 'Zürich',
    description: 'a\n"b"',
    severity: 'P1',
    metadata: {
      subject_type: 'escalation',
      subject_id: 'esc_1',
      severity: 'critical',
      gateway: 'gw',
      actor: 'ada',
      policy: 'no-pii',
      reason: '🔐',
    },
  });
  const ticketText = (externalId: string) =>
    `{"description":"a\\n\\"b\\"","external_id":"${externalId}","link_id":"tkt_1","metadata":{"actor":"ada","gateway":"gw",` +
    `"policy":"no-pii","reason":"🔐","severity":"critical","subject_id":"esc_1","subject_type":"escalation"},"severity":"P1",` +
    `"title":"Zürich","url":"http://localhost:8080/evidence-requests/er_1"}`;

  it('creates with compact, unescaped JSON whose keys are sorted at every level', async () => {
    await harness.provider.create(create, options());
    expect(lastRequest().rawBody.toString('utf8')).toBe(
      `{"event":"ticket.create","id":"tkt_1","occurred_at":"2026-01-01T00:00:00.000Z","org_id":"acme","ticket":${ticketText('tkt_1')}}`,
    );
  });

  it('comments and closes with the id that the tracker gave', async () => {
    await harness.provider.comment(ref(create, 'TRK-1'), comment({ key: 'cmd_2', id: 'cmt_2' }), options());
    expect(lastRequest().rawBody.toString('utf8')).toBe(
      `{"comment":{"author":"Ada","body":"The evidence is attached.","id":"cmt_2"},"event":"ticket.comment","id":"cmd_2",` +
        `"occurred_at":"2026-01-02T00:00:00.000Z","org_id":"acme","ticket":${ticketText('TRK-1')}}`,
    );
    await harness.provider.close(ref(create, 'TRK-1'), closing('cmd_3'));
    expect(lastRequest().rawBody.toString('utf8')).toBe(
      `{"event":"ticket.close","id":"cmd_3","occurred_at":"2026-01-03T00:00:00.000Z","org_id":"acme","ticket":${ticketText('TRK-1')}}`,
    );
  });

  it('signs the raw bytes, and says what they are', () => {
    const { headers, rawBody } = lastRequest();
    expect(headers['x-signature']).toBe(`sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['accept-encoding']).toBe('identity');
    expect(harness.tracker.badSignatures()).toBe(0);
  });

  it('sends the same bytes again on a retry', async () => {
    const again = draft();
    harness.tracker.misbehave({ kind: 'status', status: 503 });
    await expect(harness.provider.create(again, options())).rejects.toMatchObject({ code: 'http_503' });
    await harness.provider.create(again, options({ repeated: true }));
    const [first, second] = harness.tracker.requests().slice(-2);
    const digest = (body?: Buffer) =>
      createHash('sha256')
        .update(body ?? '')
        .digest('hex');
    expect(digest(second?.rawBody)).toBe(digest(first?.rawBody));
  });
});
