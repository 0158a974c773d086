import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendReply } from '../support/fake-tracker.js';
import { draft, options } from './drafts.js';
import { openWebhook, secret, type WebhookHarness } from './webhook-harness.js';

describe('the fake tracker', () => {
  let harness: WebhookHarness;
  beforeAll(async () => {
    harness = await openWebhook();
  });
  afterAll(() => harness.close());

  it('counts a double post as two tickets when it is careless', async () => {
    const same = draft();
    harness.tracker.dedupe = false;
    await harness.provider.create(same, options());
    await harness.provider.create(same, options());
    harness.tracker.dedupe = true;
    expect(harness.tracker.tickets().filter((ticket) => ticket.linkId === same.linkId)).toHaveLength(2);
  });

  it('refuses and counts a wrong signature, and stores nothing', async () => {
    const before = harness.tracker.tickets().length;
    const headers = { 'x-signature': `sha256=${'0'.repeat(64)}` };
    const response = await fetch(harness.tracker.url, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(401);
    expect(harness.tracker.badSignatures()).toBe(1);
    expect(harness.tracker.tickets()).toHaveLength(before);
  });

  it('comes up again on the same port, with what it had', async () => {
    const { url } = harness.tracker;
    const before = harness.tracker.tickets().length;
    await harness.tracker.down();
    await expect(fetch(url)).rejects.toThrow();
    await harness.tracker.up();
    expect(harness.tracker.url).toBe(url);
    expect(harness.tracker.tickets()).toHaveLength(before);
  });

  it('keeps a habit for the events that it is meant for', async () => {
    harness.tracker.misbehave({ kind: 'status', status: 500 }, { event: 'ticket.close', times: 2 });
    await expect(harness.provider.create(draft(), options())).resolves.toBeDefined();
    harness.tracker.always(null);
  });

  it('sends replies that are signed over their bytes', async () => {
    const seen: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
    const api = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ url: request.url, headers: request.headers, body });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true}');
      });
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const answer = await sendReply(apiUrl, { external_id: 'TRK-1', status: 'closed' }, { secret });
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    await sendReply(apiUrl, null, { secret, rawBody: 'raw', signature: null, contentType: 'text/plain' });
    const body = '{"external_id":"TRK-1","status":"closed"}';
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    expect(seen[0]).toMatchObject({ url: '/api/v1/webhooks/tickets', body, headers: { 'x-signature': signature } });
    expect(seen[1]).toMatchObject({ body: 'raw', headers: { 'content-type': 'text/plain' } });
    expect(seen[1]?.headers['x-signature']).toBeUndefined();
    api.closeAllConnections();
    api.close();
  });
});
