import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, test } from 'vitest';
import { createResolver, type ResolverTimings } from '../../src/http/client/dns/resolver.js';
import { candidatesOf, LookUpFailed } from '../../src/http/client/dns/query.js';
import { startFakeDns, type FakeDns } from '../support/fake-dns.js';
import { testGuardedClient } from '../support/guarded-client.js';
import { testTimings } from '../support/timings.js';
import { failureOf, startReceiver } from './support/receiver.js';

let dns: FakeDns;
beforeAll(async () => {
  dns = await startFakeDns({
    'receiver.example': { a: ['127.0.0.1'] },
    'slow-records.example': { a: ['127.0.0.1'], ttl: 3_600 },
    'brief.example': { a: ['127.0.0.1'], ttl: 0 },
    'both.example': { a: ['127.0.0.1', '127.0.0.2', '127.0.0.3'], aaaa: ['fd00::1', 'fd00::2'] },
    'no-addresses.example': {},
    'broken.example': 'servfail',
    '*.tarpit.example': 'silent',
    'mongo.drawbridge.svc.cluster.local': { a: ['10.1.2.3'] },
    'receiver.tools.svc.cluster.local': { a: ['10.1.2.4'] },
    'receiver.tools': { a: ['192.0.2.66'] },
  });
});
afterAll(() => dns.close());
beforeEach(() => void dns.queries.splice(0));

const open = new AbortController().signal;

function resolverWith(timings: Partial<ResolverTimings> = {}, files: { hostsFile?: string; resolvConf?: string } = {}) {
  const resolver = createResolver(
    { dnsServers: [dns.address], hostsFile: '/nowhere', resolvConf: '/nowhere', ...files },
    { dns: { ...testTimings.dns, lookUpMs: 600, tryMs: 200, ...timings } },
  );
  return (name: string, org = 'acme', signal = open) => resolver.resolve(name, { org, signal });
}

describe('a look-up', () => {
  test('is made once for calls at the same time and kept for the TTL', async () => {
    const resolve = resolverWith();
    const found = await Promise.all(
      Array.from({ length: 20 }, (_, at) => resolve('receiver.example', `org-${at % 3}`)),
    );
    expect(new Set(found.flat())).toEqual(new Set(['127.0.0.1']));
    await resolve('RECEIVER.example');
    expect(dns.queries.sort()).toEqual(['receiver.example A', 'receiver.example AAAA']);
  });

  test('is made again after the TTL, but not sooner than the shortest and not later than the longest time', async () => {
    const resolve = resolverWith({ minTtlMs: 100, maxTtlMs: 300 });
    const asked = (name: string) => dns.queries.filter((query) => query === `${name} A`).length;
    const names = ['brief.example', 'slow-records.example'];
    await Promise.all([...names, ...names].map((name) => resolve(name)));
    await Promise.all(names.map((name) => resolve(name)));
    expect(names.map(asked)).toEqual([1, 1]);
    await new Promise((passed) => setTimeout(passed, 150));
    await Promise.all(names.map((name) => resolve(name)));
    expect(names.map(asked)).toEqual([2, 1]);
    await new Promise((passed) => setTimeout(passed, 250));
    await resolve('slow-records.example');
    expect(asked('slow-records.example')).toBe(2);
  });

  it.each(['nobody.example', 'no-addresses.example', 'a..b', `${'x'.repeat(64)}.example`])(
    'of %s finds nothing, and that is remembered',
    async (name) => {
      const resolve = resolverWith();
      expect(await resolve(name)).toEqual([]);
      const { length } = dns.queries;
      expect(await resolve(name)).toEqual([]);
      expect(dns.queries).toHaveLength(length);
    },
  );

  it.each(['broken.example', 'a.tarpit.example'])(
    'of %s fails within its time, and that is remembered',
    async (name) => {
      const resolve = resolverWith({ failedMs: 5_000 });
      const startedAt = performance.now();
      await expect(resolve(name)).rejects.toThrow(LookUpFailed);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      const { length } = dns.queries;
      await expect(resolve(name)).rejects.toThrow(LookUpFailed);
      expect(dns.queries).toHaveLength(length);
    },
  );

  test('takes turns between IPv4 and IPv6, so that both are tried', async () => {
    const found = await resolverWith()('both.example');
    expect([...found].sort()).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3', 'fd00::1', 'fd00::2']);
    expect(new Set(found.slice(0, 2).map((address) => address.includes(':'))).size).toBe(2);
  });
});

describe('like getaddrinfo, a look-up', () => {
  async function file(name: string, text: string): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'names-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, name), text);
    return path.join(folder, name);
  }

  test('takes what the hosts file has', async () => {
    const hostsFile = await file(
      'hosts',
      '# ours\n10.9.8.7\tdb.internal DB # the old one\nfd00::9 db.internal\nbad line\n',
    );
    const resolve = resolverWith({}, { hostsFile });
    expect(await resolve('db.internal')).toEqual(['10.9.8.7', 'fd00::9']);
    expect(await resolve('db')).toEqual(['10.9.8.7']);
    expect(dns.queries).toEqual([]);
  });

  test('of localhost asks nobody', async () => {
    expect(await resolverWith()('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(dns.queries).toEqual([]);
  });

  test('tries the search domains, as Kubernetes sets them, before a name with few dots', async () => {
    const resolvConf = await file(
      'resolv.conf',
      'nameserver 10.96.0.10\nsearch drawbridge.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n',
    );
    const resolve = resolverWith({}, { resolvConf });
    expect(await resolve('mongo')).toEqual(['10.1.2.3']);
    expect(await resolve('receiver.tools')).toEqual(['10.1.2.4']);
    expect(await resolve('receiver.tools.svc')).toEqual(['10.1.2.4']);
    expect(await resolve('receiver.tools.')).toEqual(['192.0.2.66']);
    expect(await resolve('receiver.example')).toEqual(['127.0.0.1']);
  });

  test('doesn’t go on to another host when a search domain is silent, but does when it is broken', async () => {
    const silent = await file('resolv.conf', 'search tarpit.example\noptions ndots:5\n');
    await expect(resolverWith({}, { resolvConf: silent })('receiver.example')).rejects.toThrow(LookUpFailed);
    dns.set('receiver.example.corp.example', 'servfail');
    const broken = await file('resolv.conf', 'search corp.example\noptions ndots:5\n');
    expect(await resolverWith({}, { resolvConf: broken })('receiver.example')).toEqual(['127.0.0.1']);
  });

  it.each([
    ['a', 1, ['a.x', 'a.y', 'a']],
    ['a.b', 1, ['a.b', 'a.b.x', 'a.b.y']],
    ['a.b', 2, ['a.b.x', 'a.b.y', 'a.b']],
    ['a.b.', 5, ['a.b']],
    ['a', 0, ['a', 'a.x', 'a.y']],
  ])('of %s with ndots:%i tries %j', (name, ndots, expected) => {
    expect(candidatesOf(name, { search: ['x', 'y'], ndots })).toEqual(expected);
  });
});

describe('a tarpit name server', () => {
  test('holds so many look-ups of the org whose names it has, and none of another org', async () => {
    const resolve = resolverWith({ maxPerOrg: 4, lookUpMs: 5_000, tryMs: 5_000 });
    const gone = new AbortController();
    const stuck = Array.from({ length: 300 }, (_, at) => resolve(`h${at}.tarpit.example`, 'acme', gone.signal));
    let ended = 0;
    for (const call of stuck) call.catch(() => (ended += 1));
    await expect.poll(() => dns.queries.length).toBeGreaterThanOrEqual(8);
    const startedAt = performance.now();
    expect(await resolve('receiver.example', 'globex')).toEqual(['127.0.0.1']);
    expect(performance.now() - startedAt).toBeLessThan(500);
    const ofTarpit = dns.queries.filter((query) => query.includes('tarpit') && query.endsWith(' A'));
    expect(new Set(ofTarpit).size).toBe(4);
    expect(ended).toBe(0);
    // Whoever waits for a slot is let go when the call is over; what was asked stays under way.
    gone.abort(new Error('gone'));
    await expect.poll(() => ended).toBe(296);
  });

  test('costs other orgs’ calls nothing: 40 of its hosts, and 30 calls of another org beside them', async () => {
    const receiver = await startReceiver((_request, response) => response.end('ok'));
    const client = testGuardedClient({
      timeoutMs: 3_000,
      resolver: createResolver(
        { dnsServers: [dns.address] },
        { dns: { ...testTimings.dns, lookUpMs: 3_000, tryMs: 1_000, minTtlMs: 0, maxTtlMs: 0 } },
      ),
    });
    onTestFinished(() => client.close());
    const call = (org: string, host: string) =>
      client.request({ org, url: `http://${host}:${receiver.port}/`, method: 'GET' });
    const stuck = Array.from({ length: 40 }, (_, at) => failureOf(call('acme', `n${at}.tarpit.example`)));
    const took: number[] = [];
    for (let at = 0; at < 30; at++) {
      const startedAt = performance.now();
      expect(await call('globex', 'receiver.example')).toMatchObject({ status: 200 });
      took.push(performance.now() - startedAt);
    }
    expect(took.sort((a, b) => a - b)[28]).toBeLessThan(500);
    const codes = new Set((await Promise.all(stuck)).map(({ code }) => code));
    expect([...codes].every((code) => code === 'network' || code === 'timeout')).toBe(true);
  });
});
