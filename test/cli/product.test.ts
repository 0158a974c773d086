import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patience } from '../e2e/support/tracked.js';
import { adminKey, openProduct, type RunningApi } from '../support/product.js';
import { eventually } from '../support/eventually.js';
import { kt, type Ended } from './support/kt.js';

const product = openProduct({ env: patience });
const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-kt-'));
let api: RunningApi;
/** With a key of the org: the org need not be named. */
let env: Record<string, string>;

const json = ({ stdout }: Ended) => JSON.parse(stdout) as Record<string, unknown>;
const ok = async (args: string[], input?: string) => {
  const ended = await kt(args, env, input);
  expect({ args, code: ended.code, stderr: ended.stderr }).toEqual({ args, code: 0, stderr: '' });
  return ended;
};

beforeAll(async () => {
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  env = { KT_API_URL: api.url, KT_API_KEY: adminKey };
  await ok(['org', 'create', '--id', 'acme', '--name', 'Acme']);
  const made = await ok([
    'key',
    'create',
    '--org',
    'acme',
    '--name',
    'All',
    '--permissions',
    'configure,ingest',
    '--acts-as',
    'ann:Ann',
    '--json',
  ]);
  env = { KT_API_URL: api.url, KT_API_KEY: String(json(made).key) };
});
afterAll(async () => {
  await product.close();
  rmSync(folder, { recursive: true, force: true });
});

test('orgs, keys and whoami', async () => {
  expect((await kt(['org', 'list'], { ...env, KT_API_KEY: adminKey })).stdout).toMatch(/acme +Acme/);
  expect((await ok(['whoami'])).stdout).toMatch(
    /org +acme \(Acme\)\nadmin +no\npermissions +configure, ingest\nacts as +Ann \(ann\)/,
  );
  const made = json(await ok(['key', 'create', '--name', 'Short', '--permissions', 'read', '--json']));
  const listed = await ok(['key', 'list']);
  expect(listed.stdout).toContain(String(made.id));
  expect(listed.stdout).not.toContain(String(made.key));
  await ok(['key', 'delete', '--id', String(made.id)]);
  expect((await ok(['key', 'list'])).stdout).not.toContain(String(made.id));
});

test('readiness says what is to do', async () => {
  expect((await ok(['readiness'])).stdout).toMatch(/attention +ticket_sync +Tickets go to the mock/);
});

test('an event goes out as it was written, from the line, a file and stdin, and once by its id', async () => {
  const big = '{"n":12345678901234567890,"$x":{"a.b":1}}';
  writeFileSync(path.join(folder, 'event.json'), `\ufeff${big}\n`);
  const send = (data: string, input?: string) =>
    ok(['event', 'send', '--type', 'export.completed', '--id', 'e-1', '--data', data, '--json'], input);
  const [event] = json(await send(big)).events as [{ id: string; duplicate: boolean }];
  expect(event).toMatchObject({ id: expect.stringMatching(/^evt_/), source_id: 'e-1', duplicate: false });
  expect(json(await send(`@${path.join(folder, 'event.json')}`)).events).toEqual([{ ...event, duplicate: true }]);
  expect(json(await send('-', big)).events).toEqual([{ ...event, duplicate: true }]);
  expect((await kt(['event', 'send', '--type', 'export.completed', '--data', '@nowhere.json'], env)).code).toBe(1);
  const ours = await kt(['event', 'send', '--type', 'escalation.created', '--data', '{}'], env);
  expect(ours).toMatchObject({ code: 1, stderr: expect.stringContaining('type: must not be escalation.created') });
});

test('an escalation from the list to its decision', async () => {
  const raised = await api.admin.post('/orgs/acme/escalations', {
    title: 'Wire \u001b[31m transfer',
    severity: 'high',
    context: { a: 1 },
  });
  const id = String(raised.body.id);
  expect((await ok(['escalation', 'list', '--status', 'open,claimed', '--severity', 'high'])).stdout).toMatch(
    new RegExp(`^high +open +\\S+ +Wire \\\\u001b\\[31m transfer .*${id}$`, 'm'),
  );
  expect(json(await ok(['escalation', 'list', '--q', 'transfer', '--json'])).data).toMatchObject([{ id }]);
  expect((await ok(['escalation', 'list', '--status', 'resolved'])).stdout).toBe('No such escalations.\n');
  expect((await ok(['escalation', 'claim', '--id', id])).stdout).toMatch(/status +claimed/);
  expect((await ok(['escalation', 'release', id])).stdout).toMatch(/status +open/);
  await ok(['escalation', 'claim', id]);
  await ok(['escalation', 'note', id, '--body', '-'], 'From stdin.\n');
  const resolved = await ok(['escalation', 'resolve', id, '--resolution', 'approved', '--notes', 'Seen.']);
  expect(resolved.stdout).toMatch(/resolution +approved/);
  expect(json(await ok(['escalation', 'show', id, '--json'])).notes).toMatchObject([
    { body: 'From stdin.' },
    { body: 'Seen.' },
  ]);
  const again = await kt(['escalation', 'claim', id], env);
  expect(again).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/already_resolved \(409\)\n.*X-Request-Id +\S+/),
  });
});

test('a ticket from opening to unlinking', async () => {
  const request = await api.admin.post('/orgs/acme/evidence-requests', { title: 'Logs' });
  const of = ['--request', String(request.body.id)];
  expect(await kt(['ticket', 'show', ...of], env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not_found (404)'),
  });
  expect((await ok(['ticket', 'create', ...of])).stdout).toMatch(
    /ticket +mock-TCK-\d+\n(.*\n)?state +open\nsync +synced/,
  );
  expect((await kt(['ticket', 'create', ...of], env)).stderr).toContain('ticket_exists (409)');
  const added = await ok(['ticket', 'comment', ...of, '--body', 'Where are they?']);
  expect(added.stdout).toMatch(/^Ann, .*synced\n {2}Where are they\?\n\n.*from the tracker\n/);
  const thread = await ok(['ticket', 'comments', ...of]);
  expect(thread.stdout.trimEnd().split('\n')).toHaveLength(3);
  expect((await ok(['ticket', 'close', ...of])).stdout).toMatch(/state +closed/);
  expect((await ok(['ticket', 'unlink', ...of, '--json'])).stdout).toBe('{}\n');
  // Routing opens the ticket of an escalation by itself.
  const raised = await api.admin.post('/orgs/acme/escalations', { title: 'T', severity: 'low' });
  const show = () => kt(['ticket', 'show', '--escalation', String(raised.body.id), '--json'], env);
  const shown = await eventually(show, ({ code }) => code === 0);
  expect(json(shown)).toMatchObject({ state: 'open', subject: { type: 'escalation', id: raised.body.id } });
});

test('evidence requests, and the fields that a script needs', async () => {
  const made = await ok(['request', 'create', '--title', 'Access logs of May', '--field', 'id']);
  const id = made.stdout.trim();
  expect(id).toMatch(/^er_\w{26}$/);
  const ticket = await ok(['ticket', 'create', '--request', id, '--field', 'external_id,state']);
  const [externalId, state] = ticket.stdout.trim().split('\t');
  expect(state).toBe('open');
  const shown = await ok(['request', 'show', id]);
  expect(shown.stdout).toMatch(new RegExp(`title +Access logs of May\\n[^]*ticket +${externalId} \\(open, synced\\)`));
  expect((await ok(['request', 'show', id, '--field', 'ticket.external_id'])).stdout).toBe(`${externalId}\n`);
  expect((await ok(['request', 'list', '--status', 'open', '--field', 'id'])).stdout).toContain(`${id}\n`);

  const wrong = await kt(['request', 'show', id, '--field', 'ticket.nonsense'], env);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/has no field ticket\.nonsense\. ticket: Fields: .*\bexternal_id\b/);
});

test('kt api calls what has no command of its own', async () => {
  const policies = '{"policies":[{"name":"Personal data","match":{"verdict":"pii"},"severity":"high"}]}';
  const put = await ok(['api', 'put', '/escalation-policies', '--data', policies]);
  expect(put.stdout).toContain('"name": "Personal data"');
  expect(json(await ok(['api', 'GET', '/escalation-policies', '--json']))).toEqual(JSON.parse(put.stdout));
  expect((await ok(['api', 'get', '/api/v1/whoami', '--field', 'org.id'])).stdout).toBe('acme\n');
  const source = (await ok(['api', 'post', '/sources', '--data', '{"name":"Queue"}', '--field', 'id'])).stdout.trim();
  expect((await ok(['api', 'delete', `/sources/${source}`])).stdout).toBe('Done.\n');

  expect(await kt(['api', 'fetch', '/sources'], env)).toMatchObject({ code: 2 });
  expect(await kt(['api', 'get', 'sources'], env)).toMatchObject({ code: 2 });
  expect((await kt(['api', 'get', '/nonsense'], env)).stderr).toContain('not_found (404)');
});
