import type { BenchProduct } from '../stack.js';
import { batchOf, riskAt } from './batch.js';
import { createEscalationClient, type EscalationClient } from './client.js';
import { watchDrains, type Drains } from './drained.js';

/** A product with a worker of its own, as the benchmark drives it. */
export interface Side {
  product: BenchProduct;
  client: EscalationClient;
  drains: Drains;
  close: () => Promise<void>;
}

/** One org's queue. */
export interface Queue extends Side {
  org: string;
  /** How many it is to have in the end. */
  total: number;
}

/** What one `POST /events` takes. */
const maxEvents = 1_000;

export async function openSide(product: BenchProduct): Promise<Side> {
  const client = createEscalationClient(product);
  const drains = await watchDrains(product.mongoUri);
  return {
    product,
    client,
    drains,
    async close() {
      await Promise.all([client.close(), drains.close()]);
    },
  };
}

/** Makes an org whose escalations open no tickets: trackers are another benchmark's. */
export async function makeQueue(side: Side, org: string, total: number, sla: object = {}): Promise<Queue> {
  await side.client.makeOrg(org, { ticket: { enabled: false }, sla });
  return { ...side, org, total };
}

/**
 * Raises escalations by events, and waits until each one's workflow has run.
 * @param from how many it has, `to` how many it is to have
 * @returns how many a second, from the first call to the last drain
 */
export async function fill({ client, drains, org, total }: Queue, from: number, to: number): Promise<number> {
  const startedAt = performance.now();
  for (let first = from; first < to; first += maxEvents) {
    const count = Math.min(maxEvents, to - first);
    const risks = Array.from({ length: count }, (_, index) => riskAt(first + index, total));
    await client.send(org, batchOf(risks, first));
  }
  return ((to - from) / ((await drains.untilDone()) - startedAt)) * 1000;
}
