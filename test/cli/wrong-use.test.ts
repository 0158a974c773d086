import { afterAll, beforeAll, expect, test } from 'vitest';
import { kt } from './support/kt.js';
import { fakeKey, startFakeApi, type FakeApi } from './support/fake-api.js';

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi(() => ({ status: 200, body: { org: null } }));
});
afterAll(() => api.close());

const cases: [line: string, expected: string][] = [
  ['webhok list', 'There is no command “kt webhok”. Did you mean “kt webhook”?'],
  ['webhook lst', 'Did you mean “kt webhook list”?'],
  ['nonsense --help', 'There is no command “kt nonsense”.'],
  ['webhook --nonsense', 'There is no option --nonsense here.'],
  ['webhook create --description --ordered --url http://x --events a', '--description needs a value'],
  ['completion tcsh', '--shell must be one of bash, zsh, fish.'],
  ['completion bash,zsh', '--shell must be one of bash, zsh, fish.'],
  ['help nonsense', 'There is no command “kt nonsense”.'],
  ['--nonsense', 'There is no option --nonsense here.'],
  ['webhook list --jsn', 'There is no option --jsn here. Did you mean --json?'],
  ['webhook list --constructor x', 'There is no option --constructor here.'],
  ['webhook show', 'Missing: --id wh_…'],
  ['webhook create', 'Missing: --url URL, --events TYPES'],
  ['webhook create --url http://x --events ,', '--events is empty.'],
  ['webhook create --url http://x --events a --header nonsense', "--header must be 'Name: value' (the 1. is not)."],
  ['webhook create --url http://x --events a --rate-limit many', '--rate-limit must be a whole number from 1 to'],
  ['webhook create --url http://x --url http://y --events a', '--url is given twice.'],
  ['webhook show --id', '--id needs a value: --id wh_…'],
  ['webhook show --id --json', '--id needs a value'],
  ['webhook show --id esc_1', '--id must be an id that begins with wh_.'],
  ['webhook show --id wh_1/../../x', '--id must be an id that begins with wh_.'],
  ['webhook show wh_1 wh_2', 'There is one argument too many'],
  ['webhook list --json=yes', '--json takes no value.'],
  ['webhook list --limit 0', '--limit must be a whole number from 1 to 200.'],
  ['webhook update --id wh_1', 'Nothing to change'],
  ['webhook update --id wh_1 --ordered --no-ordered', '--ordered is given, and its contrary too.'],
  ['webhook deliveries --id wh_1 --status broken', '--status must be one of pending, retrying'],
  ['webhook deliveries --id wh_1 --since yesterday', '--since must be a time'],
  ['webhook recover --id wh_1', 'Missing: --since TIME'],
  ['webhook listen --status 500 --forward http://localhost:1', 'only one can answer'],
  ['webhook listen --forward nowhere', '--forward must be a URL'],
  ['escalation resolve --id esc_1 --resolution maybe', '--resolution must be one of approved, denied'],
  ['ticket create', 'Missing: --request er_… or --escalation esc_…'],
  ['ticket create --request er_1 --escalation esc_1', 'a ticket belongs to one'],
  ['event send --type export.completed --data {', '--data must be a JSON object'],
  ['event send --type export.completed --data []', '--data must be a JSON object'],
  ['webhook list --org No/Org', 'The org (--org, KT_ORG) must be its id'],
  ['webhook list --api-url localhost:8080', 'must be a URL such as http://localhost:8080'],
];

test.each(cases)('kt %s is wrong use, and says so', async (line, expected) => {
  const { code, stdout, stderr } = await kt(line.split(' '), api.env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(expected);
  expect(stderr).toMatch(/`kt .*help` says more\.\n$/);
});

test('what is missing comes with the usage and an example of that command', async () => {
  const { stderr } = await kt(['webhook', 'create']);
  expect(stderr).toContain('kt webhook create --url URL --events TYPES [options]');
  expect(stderr).toContain('kt webhook create --url https://example.com/hooks --events');
});

test('without a key, and without an org where the key is for all, it says what to set', async () => {
  const noKey = await kt(['whoami'], { KT_API_URL: api.origin, KT_API_KEY: '' });
  expect(noKey).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Set KT_API_KEY') });
  const noOrg = await kt(['webhook', 'list'], { ...api.env, KT_ORG: '' });
  expect(noOrg).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('give --org or KT_ORG') });
});

test('nothing that is in a wrong place shows a key or a secret', async () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const lines: [string[], Record<string, string>][] = [
    [['whoami', fakeKey], api.env],
    [[fakeKey], api.env],
    [['webhook', fakeKey], api.env],
    [['webhook', 'list', '--kye', fakeKey], api.env],
    [['webhook', 'list', `--kye=${fakeKey}`], api.env],
    [['webhook', 'show', '--id', secret], api.env],
    [['webhook', 'create', '--url', 'http://x', '--events', 'a', '--header', secret], api.env],
    [['whoami', '--key', `${fakeKey}\n`], api.env],
    [['whoami'], { ...api.env, KT_API_KEY: `${fakeKey} ` }],
    [['whoami'], { ...api.env, KT_API_URL: `http://ann:${fakeKey}@localhost` }],
    [['whoami', '--org', fakeKey, '--json', '--limit'], api.env],
  ];
  for (const [args, env] of lines) {
    const { code, stdout, stderr } = await kt(args, env);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(fakeKey);
    expect(stdout + stderr).not.toContain(secret);
  }
});

test('options may stand before the command, and an id without its name', async () => {
  const before = api.calls.length;
  const args = [
    '--org',
    'other',
    '--json',
    'webhook',
    'delivery',
    'wh_1',
    'dlv_2',
    '--api-url',
    `${api.origin}/api/v1/`,
  ];
  expect(await kt(args, api.env)).toMatchObject({ code: 0 });
  expect(await kt(['--limit', '5', 'webhook', '--status=failed', 'deliveries', 'wh_1'], api.env)).toMatchObject({
    stderr: expect.stringContaining('it is not a list'),
  });
  expect(api.calls.slice(before).map(({ url }) => url)).toEqual([
    '/api/v1/orgs/other/webhooks/wh_1/deliveries/dlv_2',
    '/api/v1/orgs/acme/webhooks/wh_1/deliveries?status=failed&limit=5',
  ]);
});
