import type { EndpointHealth, HealthOf } from '../../src/webhooks/endpoints/health.js';
import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { signingSecrets } from '../../src/webhooks/endpoints/secrets.js';
import { endpointRoutes } from '../../src/webhooks/endpoints/routes.js';
import { createEndpointService } from '../../src/webhooks/endpoints/service.js';
import { createEndpointStore, type EndpointStore } from '../../src/webhooks/endpoints/store.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { dataOf, type Api, type ApiAnswer } from '../support/http.js';

export const url = 'https://receiver.example/hooks/path-token';
export const input = (more: object = {}) => ({ url, events: ['event.created'], ...more });

export interface WebhooksApp extends TestApp {
  store: EndpointStore;
  /** What the engine knows of endpoints, by their ids, and what it was asked. */
  health: Map<string, EndpointHealth>;
  asked: [string, string[]][];
  /** What it was told. */
  changes: [EndpointDoc | null, EndpointDoc | null][];
  /** The stored endpoint. */
  stored: (id: string) => Promise<EndpointDoc>;
  /** What its messages are signed with. */
  signs: (id: string, at?: Date) => Promise<string[]>;
  /** All that MongoDB has of endpoints, audit records and kept answers, as text. */
  everything: () => Promise<string>;
  newSetup: () => Promise<WebhookSetup>;
}

export interface WebhookSetup {
  org: string;
  path: string;
  key: Api;
  make: (more?: object) => Promise<Made>;
  audit: () => Promise<Record<string, unknown>[]>;
}

export interface Made {
  id: string;
  secret: string;
  /** Its path below `/api/v1`. */
  at: string;
  body: Record<string, unknown>;
}

/** Endpoints over real HTTP; the delivery engine is only written down. */
export async function startWebhooksApp(): Promise<WebhooksApp> {
  const known: Pick<WebhooksApp, 'health' | 'asked' | 'changes'> = { health: new Map(), asked: [], changes: [] };
  const app = await startTestApp({
    routes: ({ models, audit, cipher }) => {
      const endpointService = createEndpointService({
        store: createEndpointStore(models),
        cipher,
        audit,
        changed: (before, after) => {
          known.changes.push([before, after]);
          return Promise.resolve();
        },
      });
      const healthOf: HealthOf = (orgId, ids) => {
        known.asked.push([orgId, ids]);
        return Promise.resolve(known.health);
      };
      return endpointRoutes({ endpointService, healthOf });
    },
  });
  const { cipher } = app;
  const store = createEndpointStore(app.models);
  const stored = async (id: string) => {
    const found = await store.find(id);
    if (!found) throw new Error(`There is no ${id}.`);
    return found;
  };
  const collections = ['webhook_endpoints', 'audit_entries', 'idempotency_records'];
  return Object.assign(app, known, {
    store,
    stored,
    signs: async (id: string, at = new Date()) => signingSecrets(await stored(id), cipher, at),
    everything: async () => {
      const found = collections.map((name) => app.connection.collection(name).find().toArray());
      return JSON.stringify(await Promise.all(found));
    },
    newSetup: async () => setupIn(app, await app.newOrg()),
  });
}

async function setupIn(app: TestApp, org: string): Promise<WebhookSetup> {
  const key = await app.keyOf(org, ['configure']);
  const path = `/orgs/${org}/webhooks`;
  return {
    org,
    path,
    key,
    async make(more = {}) {
      const { status, body } = await key.post(path, input(more));
      if (status !== 201) throw new Error(`No endpoint: ${JSON.stringify(body)}`);
      const { secret, ...shown } = body as Record<string, unknown>;
      return { id: String(shown.id), secret: String(secret), at: `${path}/${String(shown.id)}`, body: shown };
    },
    audit: async () => {
      const entries = dataOf(await key.get(`/orgs/${org}/audit`));
      return entries.filter(({ action }) => String(action).startsWith('webhook.')).reverse();
    },
  };
}

/** As if the process had died between its work and its answer: the record of the last request with a key is as it was then. */
export async function loseLastAnswer(app: TestApp): Promise<void> {
  const records = app.connection.collection('idempotency_records');
  const [record] = await records.find().sort({ created_at: -1 }).limit(1).toArray();
  const died = { state: 'running', answer: null, lease_until: new Date(0) };
  await records.updateOne({ _id: record?._id }, { $set: died });
}

/** The paths that a 422 names. */
export const pathsOf = (answer: ApiAnswer) => (answer.body.errors as { path: string }[]).map(({ path }) => path);
