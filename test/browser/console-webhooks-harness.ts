import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { databaseOf } from '../e2e/support/database.js';
import { openBrowser } from '../support/chromium.js';
import { makeOrg } from '../support/factories.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { openProduct, type RunningApi } from '../support/product.js';

/** A machine without a browser gets one first. */
const installMs = 400_000;

/** An org with a product and a browser for the webhooks pages; closed when the file has ended. */
export function webhooksConsole() {
  const product = openProduct({ env: { EGRESS_ALLOW: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE: '1s' } });
  const receivers: FakeReceiver[] = [];
  const database = databaseOf(product);
  const there = {} as {
    browser: Awaited<ReturnType<typeof openBrowser>>;
    api: RunningApi;
    org: { id: string; path: string };
    page: Page;
    configurer: string;
  };
  beforeAll(async () => {
    there.browser = await openBrowser();
    [there.api] = await Promise.all([product.startApi(), product.startWorker()]);
    there.org = await makeOrg(there.api.admin);
    there.page = await there.browser.context.newPage();
    there.configurer = await keyOf('configure');
    await signIn(there.configurer);
  }, installMs);
  afterAll(async () => {
    await Promise.all([there.browser.close(), product.close(), ...receivers.map((one) => one.close())]);
  });

  async function keyOf(permission: string): Promise<string> {
    const { body } = await there.api.admin.post(`${there.org.path}/api-keys`, {
      name: permission,
      permissions: [permission],
    });
    return String(body.key);
  }

  async function signIn(key: string, page = there.page): Promise<void> {
    await page.context().clearCookies();
    await page.goto(`${there.api.url}/settings/webhooks`);
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor();
  }

  return Object.assign(there, {
    ...{ keyOf, signIn, database },
    async receiver(): Promise<FakeReceiver> {
      const one = await startFakeReceiver(null);
      receivers.push(one);
      return one;
    },
    /** Made by the API. @returns its id */
    async endpoint(url: string, more: object = {}): Promise<string> {
      const made = await there.api.admin.post(`${there.org.path}/webhooks`, {
        url,
        events: ['event.created'],
        ...more,
      });
      if (made.status !== 201) throw new Error(`No endpoint: ${JSON.stringify(made.body)}`);
      return String(made.body.id);
    },
    publish: (type = 'event.created', data: object = {}) =>
      there.api.admin.post(`${there.org.path}/events`, { type, data }),
    shown: async (id: string) => (await there.api.admin.get(`${there.org.path}/webhooks/${id}`)).body,
    deliveries: async (id: string) =>
      (await there.api.admin.get(`${there.org.path}/webhooks/${id}/deliveries`)).body.data as {
        id: string;
        status: string;
        attempts: unknown[];
      }[],
    health: async (id: string) =>
      (await there.api.admin.get(`${there.org.path}/webhooks/${id}`)).body.health as { status: string },
    open: (path: string) => there.page.goto(`${there.api.url}/settings/webhooks${path}`),
  });
}

/** An answer that would like to be more than text. */
export const hostile = `<script>document.title='owned'</script><img src=x onerror="document.title='owned'">\u202E</pre>`;
