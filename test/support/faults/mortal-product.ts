import { setTimeout as delay } from 'node:timers/promises';
import { type ApiProcess, openProcesses, type Process, type ProductProcesses } from '../product-processes.js';
import { startMortalMongo, startMortalTemporal } from './servers.js';

export const mortalParts = ['api', 'worker', 'temporal', 'mongo'] as const;
export type MortalPart = (typeof mortalParts)[number];

/** A whole product, servers included, each part of which may be killed at any time. */
export interface MortalProduct {
  readonly product: ProductProcesses;
  /** The API, running or not; calls of one that was just killed get no answer. */
  api(): ApiProcess;
  /** `kill -9` from outside, and the same again, on the same port and data, after a while. */
  replace(part: MortalPart, afterMs: number): Promise<void>;
  close(): Promise<void>;
}

export async function startMortalProduct(env: Record<string, string>): Promise<MortalProduct> {
  const [mongo, temporal] = await Promise.all([startMortalMongo(), startMortalTemporal()]);
  const product = openProcesses({ mongoUri: mongo.address, temporalAddress: temporal.address, env });
  let [api, worker]: [ApiProcess, Process] = await Promise.all([product.startApi(), product.startWorker()]);

  const kill = (part: MortalPart) => ({ api, worker, temporal, mongo })[part].kill();
  async function start(part: MortalPart): Promise<void> {
    if (part === 'api') api = await product.startApi({ port: Number(new URL(api.url).port) });
    else if (part === 'worker') worker = await product.startWorker();
    else await { temporal, mongo }[part].restart();
  }

  return {
    product,
    api: () => api,
    async replace(part, afterMs) {
      await kill(part);
      await delay(afterMs);
      await start(part);
    },
    async close() {
      await product.close();
      await Promise.all([mongo.close(), temporal.close()]);
    },
  };
}
