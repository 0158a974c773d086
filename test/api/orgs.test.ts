import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { dataOf } from '../support/http.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const slug = () => `o-${randomBytes(5).toString('hex')}`;

describe('orgs', () => {
  it('are made by the admin, once for each id', async () => {
    const id = slug();
    const made = await app.admin.post('/orgs', { id, name: 'Acme' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({ id, name: 'Acme', created_at: made.body.created_at, updated_at: made.body.created_at });
    expect(made.body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const again = await app.admin.post('/orgs', { id, name: 'Other' });
    expect([again.status, again.body.code]).toEqual([409, 'org_exists']);
  });

  it.each(['a', 'A1', '-a', 'a_b', 'a'.repeat(40), 'ä1', 'a b', '', 5, null])('refuse %j as an id', async (id) => {
    expect((await app.admin.post('/orgs', { id, name: 'Acme' })).status).toBe(422);
  });

  it('are listed newest first, page by page, to the admin alone', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      ids.push(await app.newOrg());
      // Within one millisecond there is no newer one.
      await sleep(2);
    }
    const first = await app.admin.get('/orgs?limit=2');
    const second = await app.admin.get(`/orgs?limit=2&cursor=${String(first.body.next_cursor)}`);
    const listed = [...dataOf(first), ...dataOf(second)].map((org) => org.id);
    expect(listed.slice(0, 3)).toEqual(ids.reverse());
    expect((await app.admin.get('/orgs?cursor=nonsense')).status).toBe(422);
  });

  it('are read and renamed by their own keys', async () => {
    const org = await app.newOrg();
    const [reader, configurer] = [await app.keyOf(org, ['read']), await app.keyOf(org, ['configure'])];
    expect((await reader.get(`/orgs/${org}`)).body.id).toBe(org);
    expect((await reader.patch(`/orgs/${org}`, { name: 'New' })).status).toBe(403);
    expect((await configurer.patch(`/orgs/${org}`, { name: 'New' })).body.name).toBe('New');
    expect((await reader.get(`/orgs/${org}`)).body.name).toBe('New');
  });

  it('that are not there are 404 to the admin, and to any key', async () => {
    const key = await app.keyOf(await app.newOrg(), ['configure']);
    expect((await app.admin.get('/orgs/not-there')).status).toBe(404);
    expect((await app.admin.get('/orgs/not-there/api-keys')).status).toBe(404);
    expect((await key.get('/orgs/not-there')).status).toBe(404);
  });
});
