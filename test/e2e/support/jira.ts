import { afterAll, beforeAll } from 'vitest';
import { makeOrg } from '../../support/factories.js';
import { startFakeJira, type FakeJira, type FakeJiraOptions } from '../../support/fake-jira.js';
import type { Api } from '../../support/http.js';
import { openProduct, type RunningApi, type Product } from '../../support/product.js';
import { patience } from './tracked.js';
import { openLinked, type Linked } from './two-way.js';

export const hookSecret = 'jira-hook-secret';

/** Often enough for a test to see two of them. */
export const pollSeconds = 5;

/** An API and a worker whose orgs may reach the fakes. @returns filled before the first test */
export function useProduct(env: Record<string, string> = {}): { product: Product; api: RunningApi } {
  const product = openProduct({ env: { EGRESS_ALLOW: '127.0.0.0/8', ...patience, ...env } });
  const running = { product } as { product: Product; api: RunningApi };
  beforeAll(async () => {
    const [api] = await Promise.all([product.startApi(), product.startWorker()]);
    running.api = api;
  });
  afterAll(() => product.close());
  return running;
}

/** A Jira site, and an org whose tickets go there through a connection of its own. */
export interface ConnectedJira {
  jira: FakeJira;
  admin: Api;
  org: { id: string; path: string };
  connectionId: string;
  /** Where its webhooks go from now on. */
  hooksTo: (api: RunningApi) => void;
  /** A linked evidence request. */
  linked: () => Promise<Linked>;
}

/** @param more of the connection: `settings`, `status_map` */
export async function connectJira(
  api: RunningApi,
  more: { settings?: Record<string, unknown>; status_map?: Record<string, string> } = {},
  options: FakeJiraOptions = {},
): Promise<ConnectedJira> {
  const jira = await startFakeJira(options);
  const { admin } = api;
  const org = await makeOrg(admin);
  const { baseUrl, email, apiToken } = jira.credentials;
  const made = await admin.post(`${org.path}/connections`, {
    provider: 'jira',
    name: 'Jira',
    default: true,
    settings: { base_url: baseUrl, email, project_key: 'SEC', poll_interval_seconds: 86_400, ...more.settings },
    secrets: { api_token: apiToken, webhook_secret: hookSecret },
    ...(more.status_map && { status_map: more.status_map }),
  });
  if (made.status !== 201) throw new Error(`No connection: ${made.status} ${JSON.stringify(made.body)}`);
  const connectionId = String(made.body.id);
  const hooksTo = ({ url }: RunningApi) =>
    jira.sendWebhooksTo({ url: `${url}/api/v1/webhooks/connections/${connectionId}`, secret: hookSecret });
  hooksTo(api);
  return { jira, admin, org, connectionId, hooksTo, linked: () => openLinked(admin, org.path) };
}
