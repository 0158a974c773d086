import { Pool } from 'undici';
import type { BenchProduct } from '../stack.js';
import { createTicketClient } from '../tickets/client.js';
import type { Asked, Fake } from './fake/fake.js';

/** What is done with each link, one after the other. */
export const steps = ['create', 'comment', 'close'] as const;
export type Step = (typeof steps)[number];

/** An org whose tickets go to one provider. */
export interface Side {
  name: string;
  /** Makes evidence requests. @returns what is measured: each step, to be called `count` times */
  prepare: (count: number) => Promise<Record<Step, () => Promise<void>>>;
  /** What its tracker was asked since the last time, by operation. */
  calls: () => Promise<Asked['calls']>;
  /** Of the processes that do the work, by what they are called. */
  pids: Record<string, number>;
  close: () => Promise<void>;
}

/** More than are ever called at once. */
const connections = 64;

/** @param fake where its tickets go, by a connection of its own; the environment's mock when left out */
export async function openSide(product: BenchProduct, name: string, fake?: Fake): Promise<Side> {
  const pool = new Pool(product.url, { connections });
  const org = name.toLowerCase();
  const client = await createTicketClient(product, org);
  const pids = { api: product.api.pid, worker: product.worker.pid, ...(fake && { tracker: fake.pid }) };

  async function post(path: string, status: number, body?: object): Promise<Record<string, unknown>> {
    const response = await pool.request({
      method: 'POST',
      path: `/api/v1${path}`,
      headers: {
        authorization: `Bearer ${product.adminKey}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await response.body.text();
    if (response.statusCode !== status) throw new Error(`POST ${path} was answered ${response.statusCode}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** As far as the tracker: what is only kept here is not done yet. */
  async function synced(path: string, status: number, body?: object): Promise<void> {
    const { sync_state: state } = await post(path, status, body);
    if (state !== 'synced') throw new Error(`POST ${path} is ${String(state)}.`);
  }

  if (fake) await post(`/orgs/${org}/connections`, 201, fake.connection);
  return {
    name,
    pids,
    async prepare(count) {
      const paths = await client.evidenceRequests(count);
      const each = (one: (path: string) => Promise<void>) => {
        const left = [...paths];
        return async () => {
          const path = left.pop();
          if (path === undefined) throw new Error('There is no evidence request left.');
          await one(path);
        };
      };
      return {
        create: each((path) => synced(`${path}/ticket`, 201)),
        comment: each((path) => synced(`${path}/comments`, 201, { body: 'Where are they?' })),
        close: each((path) => synced(`${path}/ticket/close`, 200)),
      };
    },
    calls: () => fake?.calls() ?? Promise.resolve({}),
    close: async () => {
      await Promise.all([client.close(), pool.close()]);
    },
  };
}
