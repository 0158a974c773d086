import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Habit } from '../support/fake-tracker.js';
import { draft, options } from './drafts.js';
import { openWebhook, secret, type WebhookHarness } from './webhook-harness.js';

const canaries = [
  'canary-token',
  'canary-path',
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
];

describe('webhook: no secret in an error', () => {
  let harness: WebhookHarness;
  beforeAll(async () => {
    harness = await openWebhook({ timeoutMs: 300 }, '/canary-path?token=canary-token');
  });
  afterAll(() => harness.close());

  const echoes = [
    'Cannot POST /hooks/tickets/canary-path?token=canary-token',
    `Signed with ${secret}, which is wrong`,
    `${'x '.repeat(200)}${secret}`,
    'Got https://me@host/hooks/tickets/canary-path and token canary-token',
    `secret=${encodeURIComponent(secret)}`,
    'Authorization: Bearer canary-token-2',
    '"authorization": "Basic canary-token"',
    'Bearer canary-token.with.dots-1',
  ];
  const habits: Habit[] = [
    ...echoes.flatMap((text): Habit[] => [
      { kind: 'status', status: 400, body: { message: text } },
      { kind: 'status', status: 500, body: { error: { message: 'Refused', detail: text } } },
      { kind: 'status', status: 401, body: text },
      { kind: 'status', status: 403, body: `<html><body><p>${text}</p></body></html>` },
      { kind: 'html' },
      { kind: 'answer', body: `<html>${text}</html>`, contentType: 'text/html' },
    ]),
    { kind: 'redirect', location: '/hooks/tickets/canary-path?token=canary-token' },
    { kind: 'reset' },
    { kind: 'reset_mid_body' },
    { kind: 'hang' },
  ];

  it('keeps all of them out, in whatever way the tracker says them', async () => {
    for (const habit of habits) {
      harness.tracker.misbehave(habit);
      const error: unknown = await harness.provider.create(draft(), options()).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Error);
      if (!(error instanceof Error)) continue;
      const exposed = [error.message, JSON.stringify(error), error.stack, String(error.cause)].join('\n');
      for (const canary of canaries) expect(exposed, JSON.stringify(habit)).not.toContain(canary);
      expect(error.message.length).toBeLessThanOrEqual(500);
      expect(error.message).not.toMatch(/[\r\n]/);
    }
  });
});
