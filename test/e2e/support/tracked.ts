import { afterAll, beforeAll } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../../support/fake-tracker.js';
import type { Api, ApiAnswer } from '../../support/http.js';
import { openProcesses, type ProductProcesses } from '../../support/product-processes.js';
import {
  openProduct,
  webhookSecret,
  type Product,
  type ProductOptions,
  type RunningApi,
} from '../../support/product.js';

/** Longer than any call takes on a busy machine: where a test is not about waiting, every answer is the final one. */
export const patience = { TICKET_WAIT_MS: '20000' };

/** A product whose tickets go to a fake tracker over the generic webhook. Nothing of it runs yet. */
export interface Tracked<P extends Product = Product> {
  product: P;
  tracker: FakeTracker;
  close(): Promise<void>;
}

export const openTracked = (env?: Record<string, string>): Promise<Tracked> => track(openProduct, env);

/** For tests of processes, see `openProcesses`. */
export const openTrackedProcesses = (
  env?: Record<string, string>,
  secret?: string,
): Promise<Tracked<ProductProcesses>> => track(openProcesses, env, secret);

async function track<P extends Product>(
  open: (options: ProductOptions) => P,
  env: Record<string, string> = {},
  secret = webhookSecret,
): Promise<Tracked<P>> {
  const tracker = await startFakeTracker({ secret });
  const product = open({
    env: {
      TICKET_PROVIDER: 'webhook',
      TICKET_WEBHOOK_URL: tracker.url,
      TICKET_WEBHOOK_SECRET: secret,
      ...patience,
      ...env,
    },
  });
  const close = async () => {
    await product.close();
    await tracker.close();
  };
  return { product, tracker, close };
}

export interface RunningTracked extends Tracked {
  api: RunningApi;
  org: { id: string; path: string };
}

/** One API process, one worker and an org on a tracked product, for all tests of a file. @returns filled before the first */
export function useTracked(env: Record<string, string> = {}): RunningTracked {
  const running: Partial<RunningTracked> = {};
  beforeAll(async () => {
    Object.assign(running, await openTracked(env));
    const { product } = running as Tracked;
    const [api] = await Promise.all([product.startApi(), product.startWorker()]);
    Object.assign(running, { api, org: await makeOrg(api.admin) });
  });
  afterAll(() => running.close?.());
  return running as RunningTracked;
}

/** An evidence request with a ticket. @returns its path, id, and the link */
export async function makeLinked(admin: Api, orgPath: string, fields: Record<string, unknown> = {}) {
  const request = await makeEvidenceRequest(admin, orgPath, fields);
  const created = await admin.post(`${request.path}/ticket`);
  if (created.status > 202) throw new Error(`No ticket: ${created.status} ${JSON.stringify(created.body)}`);
  // Calls may answer before the tracker did. Once synced, the link does not change in the background.
  const link = await eventually(
    async () => (await admin.get(`${request.path}/ticket`)).body,
    ({ external_id, sync_state }) => external_id !== null && sync_state === 'synced',
  );
  return { ...request, link: link as { id: string; external_id: string; workflow: { id: string } } };
}

/** The bodies of a thread, oldest first. */
export async function threadOf(admin: Api, requestPath: string): Promise<string[]> {
  const { body } = await admin.get(`${requestPath}/comments?limit=200`);
  return (body.data as { body: string }[]).map((comment) => comment.body);
}

/** How an answer came out, for comparing several of them: the statuses in order. */
export const statusesOf = (answers: Pick<ApiAnswer, 'status'>[]) => answers.map(({ status }) => status).sort();

/** The nth of several, round and round: callers share what there is. */
export function pick<T>(all: readonly T[], n: number): T {
  const one = all[n % all.length];
  if (one === undefined) throw new Error('There is none to pick from.');
  return one;
}
