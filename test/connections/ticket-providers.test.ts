import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCipher } from '../../src/lib/encryption.js';
import { insertLink } from '../../src/tickets/links/open-link.js';
import { newLink } from '../../src/tickets/links/new-link.js';
import type { SubjectSnapshot } from '../../src/tickets/subject.js';
import { draft, options } from '../providers/drafts.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { caller, openConnections, webhook, type Parts } from './harness.js';

let parts: Parts;
let tracker: FakeTracker;
beforeAll(async () => {
  parts = await openConnections({ JIRA_WEBHOOK_SECRET: 'env-secret', JIRA_POLL_INTERVAL_SECONDS: '7' });
  tracker = await startFakeTracker({ secret: 'canary-webhook-secret' });
});
afterAll(async () => {
  await tracker.close();
  await parts.close();
});

let org: string;
beforeEach(() => {
  org = `org-${randomBytes(4).toString('hex')}`;
});

const linkOf = ({ _id, provider }: { _id: string; provider: 'webhook' | 'jira' | 'servicenow' }) => ({
  org_id: org,
  provider,
  connection_id: _id,
});

async function readyProvider(connection: Parameters<typeof linkOf>[0], providers = parts.providers) {
  const resolved = await providers.of(linkOf(connection));
  if (resolved.status !== 'ready') throw new Error(`It is ${resolved.status}.`);
  return resolved.provider;
}

describe('where new tickets go', () => {
  it('is the connection asked for, else the default one, else the environment’s', async () => {
    const { choose } = parts.providers;
    expect(await choose(org, null)).toEqual({ provider: 'mock', connectionId: null });
    const plain = await parts.make(org, webhook(tracker.url));
    expect(await choose(org, null)).toEqual({ provider: 'mock', connectionId: null });
    expect(await choose(org, plain._id)).toEqual({ provider: 'webhook', connectionId: plain._id });
    const defaultConnection = await parts.make(org, webhook(tracker.url, { default: true }));
    expect(await choose(org, null)).toMatchObject({ connectionId: defaultConnection._id });
    expect(await choose(org, plain._id)).toMatchObject({ connectionId: plain._id });
    await parts.service.remove(org, plain._id, caller);
    expect(await choose(org, plain._id)).toMatchObject({ connectionId: defaultConnection._id });
  });

  it('is never another org’s connection', async () => {
    const other = await parts.make(`${org}-2`, webhook(tracker.url, { default: true }));
    expect(await parts.providers.choose(org, other._id)).toEqual({ provider: 'mock', connectionId: null });
    expect(await parts.providers.of(linkOf(other))).toMatchObject({ status: 'gone' });
  });

  it('is not a connection that is being deleted, unless that deletion has died', async () => {
    const { _id } = await parts.make(org, webhook(tracker.url, { default: true }));
    await parts.store.markEnding(org, _id, new Date());
    expect(await parts.providers.choose(org, _id)).toMatchObject({ connectionId: null });
    await parts.store.markEnding(org, _id, new Date(Date.now() - 31_000));
    expect(await parts.providers.choose(org, _id)).toMatchObject({ connectionId: _id });
  });
});

describe('a connection’s provider', () => {
  it('calls its address with its secret, in its own words for severities', async () => {
    const connection = await parts.make(org, webhook(tracker.url, { severity_map: { high: 'P2' } }));
    const provider = await readyProvider(connection);
    const metadata = { ...draft().metadata, severity: 'high' as const };
    const ticket = await provider.create({ ...draft(), severity: 'routed', metadata }, options());
    const made = tracker.tickets().find(({ externalId }) => externalId === ticket.externalId);
    expect(made).toMatchObject({ severity: 'P2', state: 'open' });
    expect(tracker.badSignatures()).toBe(0);
  });

  it('is made once a version', async () => {
    const connection = await parts.make(org, webhook(tracker.url));
    const first = await readyProvider(connection);
    expect(await readyProvider(connection)).toBe(first);
    await parts.service.update(org, connection._id, { name: 'Renamed' }, caller);
    expect(await readyProvider(connection)).not.toBe(first);
  });

  it('is sealed while the key is missing, and comes back with it', async () => {
    const connection = await parts.make(org, webhook(tracker.url));
    const without = parts.providersWith(createCipher({ key: randomBytes(32) }));
    const encrypted = await without.of(linkOf(connection));
    expect(encrypted).toEqual({
      status: 'undecryptable',
      detail: expect.stringContaining('ENCRYPTION_KEYS_OLD') as string,
    });
    expect(await without.ofScope({ connectionId: connection._id })).toMatchObject({
      webhookSecret: null,
      resolved: { status: 'undecryptable' },
    });
    expect((await parts.providers.of(linkOf(connection))).status).toBe('ready');
  });

  it('is gone with its connection', async () => {
    const connection = await parts.make(org, webhook(tracker.url));
    await readyProvider(connection);
    await parts.service.remove(org, connection._id, caller);
    expect(await parts.providers.of(linkOf(connection))).toEqual({
      status: 'gone',
      detail: expect.stringContaining('“Receiver” was deleted') as string,
    });
    expect(await parts.providers.ofScope({ connectionId: connection._id })).toBeNull();
  });

  it('is asked once for many links when its credentials are refused, and again after a change', async () => {
    const connection = await parts.make(org, webhook(tracker.url));
    tracker.always({ kind: 'status', status: 401, body: { message: 'Token expired' } });
    const before = tracker.requests().length;
    const [one, other] = [await readyProvider(connection), await readyProvider(connection, parts.providersWith())];
    const calls = Array.from({ length: 10 }, (_, n) => (n < 5 ? one : other).create(draft(), options()));
    const outcomes = await Promise.allSettled(calls);
    const messages = new Set(outcomes.map((outcome) => outcome.status === 'rejected' && String(outcome.reason)));
    expect([...messages]).toEqual(['ProviderError: HTTP 401: Token expired']);
    // One for each of the two processes at most, which began at the same moment.
    expect(tracker.requests().length - before).toBeLessThanOrEqual(2);
    tracker.always(null);
    await parts.service.update(org, connection._id, { name: 'Mended' }, caller);
    const mended = await readyProvider(connection);
    expect((await mended.create(draft(), options())).externalId).toMatch(/\S/);
  });
});

describe('a scope', () => {
  it('is a connection with its secret, settings and maps', async () => {
    const connection = await parts.make(org, {
      provider: 'jira',
      name: 'J',
      settings: { base_url: tracker.url, poll_interval_seconds: 9, on_reopen: 'new_ticket' },
      secrets: { api_token: 't', webhook_secret: 'canary-webhook-secret' },
      status_map: { Fertig: 'accepted' },
    });
    const scope = await parts.providers.ofScope({ connectionId: connection._id });
    expect(scope).toMatchObject({
      scope: connection._id,
      orgId: org,
      name: 'jira',
      resolved: { status: 'ready', provider: { tracker: { signatureHeader: 'x-hub-signature' } } },
      webhookSecret: 'canary-webhook-secret',
      settings: { pollIntervalSeconds: 9, onReopen: 'new_ticket' },
    });
    expect({ ...scope?.statusMap }).toEqual({ Fertig: 'accepted' });
  });

  it('is the environment’s tracker', async () => {
    expect(await parts.providers.ofScope({ environment: 'jira' })).toMatchObject({
      scope: 'env',
      orgId: null,
      name: 'jira',
      resolved: { status: 'not_configured' },
      webhookSecret: 'env-secret',
      settings: { pollIntervalSeconds: 7, onReopen: 'reopen' },
    });
    expect(await parts.providers.ofScope({ environment: 'servicenow' })).toMatchObject({
      webhookSecret: null,
      settings: { pollIntervalSeconds: 300 },
    });
  });
});

describe('a link that is inserted while its connection is deleted', () => {
  const snapshot = (connectionId: string | null): SubjectSnapshot => ({
    ...{ title: 'T', description: 'D', url: 'https://x.example/', severity: null, mappedSeverity: null },
    connectionId,
    metadata: draft().metadata,
  });

  async function drafted(connectionId: string) {
    const id = `tkt_${randomBytes(6).toString('hex')}`;
    const chosen = await parts.providers.choose(org, connectionId);
    const subject = { type: 'evidence_request', id: `er_${id}` } as const;
    return newLink({ id, orgId: org, subject, ...chosen, draft: snapshot(connectionId), sweepAfterMs: 0 });
  }
  const insert = (link: Awaited<ReturnType<typeof drafted>>) =>
    insertLink({ store: parts.tickets, providers: parts.providers }, link);

  it('goes elsewhere when the deletion has begun', async () => {
    const connection = await parts.make(org, webhook(tracker.url));
    const link = await drafted(connection._id);
    expect(link.scope).toBe(connection._id);
    // Counted before the insert, ended behind it.
    const ending = await parts.store.markEnding(org, connection._id, new Date());
    const opened = await insert(link);
    expect(opened).toMatchObject({ opened: true, link: { provider: 'mock', connection_id: null, scope: 'env' } });
    if (ending) await parts.store.end(ending);
    expect(await parts.tickets.links.find({ org_id: org }).lean()).toMatchObject([{ _id: link._id, scope: 'env' }]);
  });

  it('keeps the connection when it was there before links were counted', async () => {
    const connection = await parts.make(org, webhook(tracker.url));
    expect(await insert(await drafted(connection._id))).toMatchObject({ link: { scope: connection._id } });
    await expect(parts.service.remove(org, connection._id, caller)).rejects.toMatchObject({
      status: 409,
      code: 'connection_in_use',
    });
    expect(await parts.providers.choose(org, connection._id)).toMatchObject({ connectionId: connection._id });
  });

  it('is never left on a deleted one, however they meet', async () => {
    for (let round = 0; round < 15; round++) {
      const connection = await parts.make(org, webhook(tracker.url));
      const link = await drafted(connection._id);
      const [opened, removed] = await Promise.allSettled([
        insert(link),
        parts.service.remove(org, connection._id, caller),
      ]);
      const stored = await parts.tickets.links.findById(link._id).lean();
      expect(opened).toMatchObject({ status: 'fulfilled', value: { link: { scope: stored?.scope } } });
      if (removed.status === 'fulfilled') expect(stored?.scope).toBe('env');
    }
  });
});
