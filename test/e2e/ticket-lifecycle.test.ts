import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { sendReply } from '../support/fake-tracker.js';
import { openProduct, publicUrl, webhookSecret, type RunningApi } from '../support/product.js';
import { patience } from './support/tracked.js';

const product = openProduct({ env: patience });
let api: RunningApi;
let org: { id: string; path: string };

beforeAll(async () => {
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
});
afterAll(() => product.close());

describe('a ticket on the mock', () => {
  it('lives from creation to closing', async () => {
    const request = await makeEvidenceRequest(api.admin, org.path);
    const created = await api.admin.post(`${request.path}/ticket`);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      subject: { type: 'evidence_request', id: request.id },
      provider: 'mock',
      state: 'open',
      sync_state: 'synced',
      last_error: null,
    });
    expect(created.body.external_id).toMatch(/^mock-TCK-\d+$/);
    expect(created.body.external_url).toBe(`${publicUrl}/mock/tickets/${created.body.external_id}`);

    const comment = await api.admin.post(`${request.path}/comments`, { body: 'Where are they?' });
    expect(comment.status).toBe(201);
    expect(comment.body).toMatchObject({ source: 'internal', body: 'Where are they?', sync_state: 'synced' });
    expect(comment.body.echo).toMatchObject({ source: 'external' });

    const reply = {
      external_id: created.body.external_id,
      comment: { external_comment_id: 'r1', author: 'Ann', body: 'Here' },
      status: 'submitted',
    };
    const replied = await sendReply(api.url, reply, { secret: webhookSecret });
    expect(replied).toMatchObject({ status: 200, body: { success: true, applied: { comment: true, status: true } } });

    const thread = await api.admin.get(`${request.path}/comments`);
    expect(thread.body.data.map((one: { body: string }) => one.body)).toEqual([
      'Where are they?',
      comment.body.echo.body,
      'Here',
    ]);
    const closed = await api.admin.post(`${request.path}/ticket/close`);
    expect(closed).toMatchObject({
      status: 200,
      body: { state: 'closed', sync_state: 'synced', external_status: 'closed' },
    });
    const evidence = await api.admin.get(request.path);
    expect(evidence.body).toMatchObject({ status: 'submitted', ticket: { id: created.body.id, state: 'closed' } });
  });
});
