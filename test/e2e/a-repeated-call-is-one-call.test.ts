import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import type { ApiAnswer } from '../support/http.js';
import type { RunningApi } from '../support/product.js';
import { makeLinked, openTracked, pick, threadOf } from './support/tracked.js';

const tracked = await openTracked();
const { product, tracker } = tracked;
let apis: [RunningApi, RunningApi];
let org: { id: string; path: string };

beforeAll(async () => {
  const [first, second] = await Promise.all([product.startApi(), product.startApi(), product.startWorker()]);
  apis = [first, second];
  org = await makeOrg(first.admin);
});
afterAll(() => tracked.close());

const withKey = () => ({ 'Idempotency-Key': randomUUID() });
const essence = ({ status, body }: ApiAnswer) => ({ status, body: body as unknown });

describe('with one Idempotency-Key', () => {
  it('a ticket asked for twice is one ticket, and the second answer is the first', async () => {
    const request = await makeEvidenceRequest(apis[0].admin, org.path);
    const key = withKey();
    const first = await apis[0].admin.post(`${request.path}/ticket`, undefined, key);
    const again = await apis[1].admin.post(`${request.path}/ticket`, undefined, key);
    expect(first.status).toBe(201);
    expect(essence(again)).toEqual(essence(first));
    expect(tracker.tickets().filter(({ linkId }) => linkId === first.body.id)).toHaveLength(1);
    const other = await apis[0].admin.post(`${request.path}/ticket`, undefined, withKey());
    expect(other.status).toBe(409);
  });

  it('a comment sent twice is one comment, here and at the tracker', async () => {
    const { path, link } = await makeLinked(apis[0].admin, org.path);
    const key = withKey();
    const first = await apis[0].admin.post(`${path}/comments`, { body: 'Once' }, key);
    const again = await apis[1].admin.post(`${path}/comments`, { body: 'Once' }, key);
    expect(first.status).toBe(201);
    expect(essence(again)).toEqual(essence(first));
    expect(await threadOf(apis[0].admin, path)).toEqual(['Once']);
    expect(tracker.comments(link.external_id).map(({ body }) => body)).toEqual(['Once']);
    const other = await apis[0].admin.post(`${path}/comments`, { body: 'Twice' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await threadOf(apis[0].admin, path)).toEqual(['Once']);
  });

  it('a comment sent five times at once is one comment, and nobody is told anything else', async () => {
    const { path, link } = await makeLinked(apis[0].admin, org.path);
    const key = withKey();
    const answers = await Promise.all(
      [0, 1, 0, 1, 0].map((n) => pick(apis, n).admin.post(`${path}/comments`, { body: 'Once' }, key)),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    const others = answers.filter(({ status }) => status !== 201);
    expect(others.every(({ status, body }) => status === 409 && body.code === 'idempotency_in_progress')).toBe(true);
    expect(tracker.comments(link.external_id)).toHaveLength(1);
  });

  it('a refusal of the tracker is not kept: the same call tries again', async () => {
    const request = await makeEvidenceRequest(apis[0].admin, org.path);
    const key = withKey();
    tracker.misbehave({ kind: 'status', status: 400, body: { message: 'Archived' } });
    expect((await apis[0].admin.post(`${request.path}/ticket`, undefined, key)).status).toBe(502);
    const again = await apis[1].admin.post(`${request.path}/ticket`, undefined, key);
    expect(again.status).toBe(201);
    expect(tracker.tickets().filter(({ linkId }) => linkId === again.body.id)).toHaveLength(1);
  });
});
