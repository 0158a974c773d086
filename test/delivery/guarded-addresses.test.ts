import { describe, expect, it, test } from 'vitest';
import { failureOf, guarded, startReceiver } from './support/receiver.js';

/** One address of each range of WEBHOOKS.md. */
const inside4 = [
  ...[
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.254',
    '192.0.0.192',
  ],
  ...['192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.19.255.254', '198.51.100.1', '203.0.113.1'],
  ...['224.0.0.1', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
];
const inside6 = [
  ...['::', '::1', '64:ff9b::a00:1', '64:ff9b:1::1', '100::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '5f00::1'],
  ...['fc00::1', 'fd00:ec2::254', 'fe80::1', 'ff02::1', 'fec0::1', '::7f00:1', '2001::1', '::ffff:0:7f00:1'],
];

const number = (address: string) => address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
const parts = (address: string, write: (part: number) => string) =>
  address
    .split('.')
    .map((part) => write(Number(part)))
    .join('.');
const octal = (value: number) => `0${value.toString(8)}`;
const hex = (value: number) => `0x${value.toString(16)}`;

/** How people have written IPv4 addresses to get past a list. */
function hostsOf(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const mapped = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  return [
    ...[address, `${address}.`, String(number(address)), octal(number(address)), hex(number(address))],
    ...[parts(address, octal), parts(address, hex), `${a}.${(b * 256 + c) * 256 + d}`, `${a}.${b}.${c * 256 + d}`],
    ...[`[::ffff:${address}]`, `[::ffff:${mapped}]`, `[0:0:0:0:0:FFFF:${mapped}]`],
    // Full-width digits and the ideographic full stop, which become ASCII in a URL.
    address.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))).replaceAll('.', '。'),
    parts(address, (part) => String(part).replace(/\d/g, '%3$&')),
  ];
}

describe('an address that is not public is refused', () => {
  it.each(inside4)('%s as it is, in decimal, octal, hex, short, mapped and disguised', async (address) => {
    const { get } = guarded({ allow: [] });
    for (const host of hostsOf(address)) {
      const error = await failureOf(get(`http://${host}/`));
      expect([host, error.code, error.message]).toEqual([host, 'address_refused', 'This address may not be called.']);
    }
  });

  it.each(inside6)('%s', async (address) => {
    const { get } = guarded({ allow: [] });
    for (const scheme of ['http', 'https'])
      expect(await failureOf(get(`${scheme}://[${address}]:8443/`))).toMatchObject({ code: 'address_refused' });
  });

  it.each([...inside4, ...inside6, '::ffff:127.0.0.1', '::FFFF:7F00:1', 'fe80::1%eth0'])(
    '%s behind a name',
    async (address) => {
      const { get } = guarded({ allow: [], resolve: () => Promise.resolve([address]) });
      expect(await failureOf(get('https://receiver.example/'))).toMatchObject({ code: 'unknown_host' });
    },
  );

  test('behind a name, in the very words for a name that nobody has: an org learns nothing about names of ours', async () => {
    const internal = guarded({ allow: [], resolve: () => Promise.resolve(['10.0.0.7']) });
    const unknown = guarded({ allow: [], resolve: () => Promise.resolve([]) });
    const [refused, absent] = [
      await failureOf(internal.get('http://vault.ops.svc.cluster.local:8200/')),
      await failureOf(unknown.get('http://vault.ops.svc.cluster.local:8200/')),
    ];
    const shown = ({ code, message, reason, status }: typeof refused) => ({ code, message, reason, status });
    expect(shown(refused)).toEqual(shown(absent));
  });

  test('localhost, which no name server is asked about', async () => {
    const receiver = await startReceiver((_request, response) => response.end());
    const { get } = guarded({ allow: [] });
    for (const host of ['localhost', 'LOCALHOST', 'localhost.', 'a.localhost'])
      expect(await failureOf(get(`http://${host}:${receiver.port}/`))).toMatchObject({ code: 'address_refused' });
    expect(receiver.connections()).toBe(0);
  });

  test('and nothing of it, nor of the name, is in the error', async () => {
    const { get } = guarded({ allow: [], resolve: () => Promise.resolve(['10.20.30.40']) });
    const error = await failureOf(get('http://internal.example/secret'));
    expect(JSON.stringify([error.message, error.stack, error, String(error.cause)])).not.toMatch(
      /10\.20|internal\.example|secret/,
    );
  });

  test('a zone in a URL cannot be read at all', async () => {
    const { get } = guarded();
    for (const host of ['[fe80::1%25eth0]', '[::1%lo]'])
      expect(await failureOf(get(`http://${host}/`))).toMatchObject({ code: 'invalid_request' });
  });
});

describe('what nobody may reach is not connected to', () => {
  test('unless EGRESS_ALLOW has it', async () => {
    const receiver = await startReceiver((_request, response) => response.end('here'));
    const ways = [...hostsOf('127.0.0.1'), 'localhost'];
    for (const host of ways) {
      const url = `http://${host}:${receiver.port}/`;
      for (const allow of [[], ['10.0.0.0/8', '127.0.0.2/32', '2000::/3']])
        expect(await failureOf(guarded({ allow }).get(url))).toMatchObject({ code: 'address_refused' });
    }
    expect(receiver.connections()).toBe(0);
    for (const host of ways) {
      const answer = await guarded({ allow: ['127.0.0.1'] }).get(`http://${host}:${receiver.port}/`);
      expect([host, answer.body.toString()]).toEqual([host, 'here']);
    }
  });

  test('by a redirect: it is the answer', async () => {
    const inner = await startReceiver((_request, response) => response.end('inner'));
    const location = `http://127.0.0.2:${inner.port}/`;
    const outer = await startReceiver((_request, response) => response.writeHead(302, { location }).end());
    const answer = await guarded().get(`http://127.0.0.1:${outer.port}/`);
    expect(answer).toMatchObject({ status: 302, headers: { location } });
    expect(inner.connections()).toBe(0);
  });

  test('by a name whose address changes after it was judged: there is one look-up, and its address is the one dialled', async () => {
    const receiver = await startReceiver((_request, response) => response.end());
    const answers = [['192.0.2.7'], ['127.0.0.1'], ['127.0.0.1']];
    let lookUps = 0;
    const resolve = () => Promise.resolve(answers[lookUps++] ?? []);
    // 192.0.2.7 stands for a public address: nobody answers there.
    const { get } = guarded({ allow: ['192.0.2.0/24'], resolve, timeoutMs: 400 });
    const url = `http://rebinding.example:${receiver.port}/`;
    expect((await failureOf(get(url))).code).toMatch(/timeout|network/);
    expect(lookUps).toBe(1);
    expect(await failureOf(get(url))).toMatchObject({ code: 'unknown_host' });
    expect(await failureOf(get(url))).toMatchObject({ code: 'unknown_host' });
    expect(receiver.connections()).toBe(0);
  });

  test('of a name with addresses of both kinds', async () => {
    const receiver = await startReceiver((_request, response) => response.end('allowed'));
    const url = `http://both.example:${receiver.port}/`;
    const both = (allow: string, ...addresses: string[]) =>
      guarded({ allow: [allow], timeoutMs: 700, resolve: () => Promise.resolve(addresses) }).get(url);
    // 192.0.2.7 is allowed, and nobody answers there: the other one is not tried in its place.
    for (const addresses of [
      ['127.0.0.1', '192.0.2.7'],
      ['192.0.2.7', '127.0.0.1'],
    ])
      expect((await failureOf(both('192.0.2.7', ...addresses))).code).toMatch(/timeout|network/);
    expect(receiver.connections()).toBe(0);
    expect((await both('127.0.0.1', '10.0.0.1', '127.0.0.1', 'fd00::1')).body.toString()).toBe('allowed');
  });

  test('by another name over a connection that is kept alive', async () => {
    const hosts: (string | undefined)[] = [];
    const receiver = await startReceiver((request, response) => response.end(hosts.push(request.headers.host) && 'ok'));
    const addresses = new Map([
      ['good.example', '127.0.0.1'],
      ['bad.example', '127.0.0.2'],
    ]);
    const resolve = (name: string) => Promise.resolve([addresses.get(name) ?? '']);
    const { get } = guarded({ allow: ['127.0.0.1'], resolve });
    for (let i = 0; i < 6; i++) await get(`http://good.example:${receiver.port}/`);
    // undici frees a connection one turn of the event loop after its answer: calls on each other's heels take turns on two.
    expect(receiver.connections()).toBeLessThanOrEqual(2);
    expect(await failureOf(get(`http://bad.example:${receiver.port}/`))).toMatchObject({ code: 'unknown_host' });
    expect(await failureOf(get(`http://127.0.0.2:${receiver.port}/`))).toMatchObject({ code: 'address_refused' });
    expect(hosts).toEqual(Array(6).fill(`good.example:${receiver.port}`));
  });

  test('by a Host header', async () => {
    const { client } = guarded();
    const unsendable: Record<string, string>[] = [
      { host: 'other.example' },
      { HOST: 'x' },
      { Connection: 'upgrade' },
      { 'content-length': '0' },
      { a: 'b\r\nc: d' },
    ];
    for (const headers of unsendable)
      expect(await failureOf(client.request({ url: 'http://127.0.0.1/', method: 'GET', headers }))).toMatchObject({
        code: 'invalid_request',
      });
  });
});

describe('our own ports', () => {
  test('stay closed with loopback allowed, by every way to this machine', async () => {
    const own = await startReceiver((_request, response) => response.end('ours'));
    const other = await startReceiver((_request, response) => response.end('theirs'));
    const { get } = guarded({ allow: ['0.0.0.0/0', '::/0'], blockedPorts: [own.port, 443] });
    for (const host of [...hostsOf('127.0.0.1'), ...hostsOf('0.0.0.0'), '127.9.9.9', '[::1]', '[::]', 'localhost'])
      expect(await failureOf(get(`http://${host}:${own.port}/`))).toMatchObject({ code: 'address_refused' });
    // A port that is the scheme's own is not written.
    expect(await failureOf(get('https://127.0.0.1/'))).toMatchObject({ code: 'address_refused' });
    expect(own.connections()).toBe(0);
    expect((await get(`http://127.0.0.1:${other.port}/`)).body.toString()).toBe('theirs');
  });
});

describe('our own addresses', () => {
  const publicUrl = 'https://drawbridge.example/base';

  it.each([
    ...['https://drawbridge.example/api/v1/x', 'http://drawbridge.example/', 'https://DRAWBRIDGE.example.:443/'],
    'http://drawbridge.example:443/',
  ])('are refused at once: %s', async (url) => {
    const { get } = guarded({ publicUrl, resolve: () => Promise.reject(new Error('nobody is asked')) });
    expect(await failureOf(get(url))).toMatchObject({ code: 'address_refused' });
  });

  test('are those of PUBLIC_URL’s port alone: what else runs on that host is called', async () => {
    const receiver = await startReceiver((_request, response) => response.end('another service'));
    const { get } = guarded({ publicUrl, resolve: () => Promise.resolve(['127.0.0.1']) });
    expect((await get(`http://drawbridge.example:${receiver.port}/`)).body.toString()).toBe('another service');
  });

  test('are those of our servers on other machines, by their address and by any name, where EGRESS_ALLOW has their network', async () => {
    const mongo = await startReceiver((_request, response) => response.end('data'));
    const names = new Map([
      ['mongo.internal', ['::ffff:127.0.0.1']],
      ['alias.example', ['127.0.0.1']],
    ]);
    const { get } = guarded({
      ownServers: [{ host: 'mongo.internal', port: mongo.port }],
      resolve: (name) => Promise.resolve(names.get(name) ?? []),
    });
    expect(await failureOf(get(`http://127.0.0.1:${mongo.port}/`))).toMatchObject({ code: 'address_refused' });
    for (const host of ['mongo.internal', 'alias.example'])
      expect(await failureOf(get(`http://${host}:${mongo.port}/`))).toMatchObject({ code: 'unknown_host' });
    expect(mongo.connections()).toBe(0);
    const other = await startReceiver((_request, response) => response.end('theirs'));
    expect((await get(`http://alias.example:${other.port}/`)).body.toString()).toBe('theirs');
  });
});

describe('a URL', () => {
  it.each([
    ...[
      'ftp://example.com/',
      'file:///etc/passwd',
      'gopher://127.0.0.1:6379/_x',
      'unix:/var/run/docker.sock',
      'data:,x',
    ],
    ...['http://user@example.com/', 'http://:secret@example.com/', 'https://127.0.0.1:99999/', '/path', '', 'http://'],
  ])('%j cannot be called', async (url) => {
    const error = await failureOf(guarded().get(url));
    expect(error.code).toBe('invalid_request');
    expect(error.message).not.toContain('secret');
  });
});
