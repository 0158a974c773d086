import { Pool } from 'undici';
import type { EventType } from '../../src/events/types.js';
import type { BenchProduct, Stack } from '../stack.js';
import { createPublisher, type Publisher } from './publisher.js';

/** A receiver's address, and whether it takes what is sent there. */
export interface Receiving {
  url: string;
  events?: EventType[];
  isDead?: boolean;
}

/** An org that sends events, with its endpoints. */
export interface BenchOrg {
  id: string;
  /** Of its endpoints, in the order given. */
  endpointIds: string[];
  /** What its calls carry. */
  headers: Record<string, string>;
  /** How many of its endpoints take an `event.created`. */
  deliveries: number;
}

/** A product whose endpoints are on this machine. */
export interface WebhookProduct {
  product: BenchProduct;
  /** Makes an org with these endpoints, and a key that may send events. */
  makeOrg: (id: string, receiving: readonly Receiving[]) => Promise<BenchOrg>;
  /** Sends to these orgs in turn, each by its own key. */
  publisher: (orgs: readonly BenchOrg[]) => Publisher;
  close: () => Promise<void>;
}

const sent: EventType = 'event.created';
const inSetup = 20;

export async function startWebhookProduct(stack: Stack, env: Record<string, string> = {}): Promise<WebhookProduct> {
  const product = await stack.startProduct({ EGRESS_ALLOW: '127.0.0.0/8', ...env });
  const pool = new Pool(product.url, { connections: inSetup });
  const publishers: Publisher[] = [];

  async function post(path: string, body: object): Promise<{ id: string; key?: string }> {
    const response = await pool.request({
      method: 'POST',
      path: `/api/v1/orgs${path}`,
      headers: { authorization: `Bearer ${product.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.body.text();
    if (response.statusCode !== 201) throw new Error(`POST ${path} was answered ${response.statusCode}: ${text}`);
    return JSON.parse(text) as { id: string; key?: string };
  }

  return {
    product,
    async makeOrg(id, receiving) {
      await post('', { id, name: 'Benchmark' });
      const { key = '' } = await post(`/${id}/api-keys`, { name: 'Gateway', permissions: ['ingest'] });
      const endpointIds: string[] = [];
      for (const { url, events = [sent] } of receiving) {
        endpointIds.push((await post(`/${id}/webhooks`, { url, events })).id);
      }
      const taking = receiving.filter(({ events = [sent], isDead }) => events.includes(sent) && isDead !== true);
      return { id, endpointIds, headers: { authorization: `Bearer ${key}` }, deliveries: taking.length };
    },
    publisher(orgs) {
      const made = createPublisher({
        url: product.url,
        addresses: orgs.map(({ id, headers, deliveries }) => ({
          path: `/api/v1/orgs/${id}/events`,
          headers,
          deliveries,
        })),
        pids: { mongo: stack.serverPids.mongo, api: product.api.pid, worker: product.worker.pid },
      });
      publishers.push(made);
      return made;
    },
    async close() {
      await Promise.all([pool.close(), ...publishers.map((publisher) => publisher.close())]);
      await Promise.all([product.api.stop(2_000), product.worker.stop(2_000)]);
    },
  };
}

/** So many addresses of a receiver, each of its own path. */
export const addressesOf = (url: string, count: number, events?: EventType[]): Receiving[] =>
  Array.from({ length: count }, (_, index) => ({ url: `${url}/taken/${index}`, ...(events && { events }) }));
