import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { dataOf } from '../support/http.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe('the audit', () => {
  it('says who made and deleted which key, newest first, and never a value', async () => {
    const org = await app.newOrg();
    const configurer = await app.keyOf(org, ['configure'], { acts_as: { id: 'u-1', name: 'Ada' } });
    await sleep(2);
    const made = (await configurer.post(`/orgs/${org}/api-keys`, { name: 'CI', permissions: ['read'] })).body;
    // Within one millisecond there is no newer one.
    await sleep(2);
    await configurer.del(`/orgs/${org}/api-keys/${String(made.id)}`);
    const entries = dataOf(await configurer.get(`/orgs/${org}/audit`));
    expect(entries).toHaveLength(4);
    const actor = { id: 'u-1', name: 'Ada', via: configurer.keyId };
    const subject = { type: 'api_key', id: made.id, name: 'CI' };
    expect(entries[0]).toMatchObject({ action: 'api_key.deleted', actor, subject });
    expect(entries[1]).toMatchObject({ action: 'api_key.created', actor, subject });
    expect(entries[2]).toMatchObject({ action: 'api_key.created', actor: { via: 'admin' } });
    expect(entries[3]).toMatchObject({ action: 'org.created', actor: { via: 'admin' } });
    expect(JSON.stringify(entries)).not.toContain(made.key);
  });

  it('is for those who may configure', async () => {
    const org = await app.newOrg();
    expect((await (await app.keyOf(org, ['review'])).get(`/orgs/${org}/audit`)).status).toBe(403);
  });
});
