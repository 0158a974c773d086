import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMongo } from '../../src/db/connect.js';
import { openProduct, type RunningPart, type Product } from '../support/product.js';

let product: Product;
beforeAll(() => {
  product = openProduct();
});
afterAll(() => product.close());

const daySeconds = 86_400;
const collections = ['deliveries', 'delivery_attempts', 'webhook_test_events', 'events'] as const;

/** Starts it, and stops it again. @returns after how many days each collection drops what it holds */
async function daysAfter(start: (env: Record<string, string>) => Promise<RunningPart>, days: number) {
  const one = await start({ DELIVERY_RETENTION_DAYS: String(days) });
  await one.stop();
  const connection = await connectMongo(product.env.MONGODB_URI ?? '');
  try {
    const found = await Promise.all(
      collections.map(async (name) => {
        const indexes = await connection.collection(name).indexes();
        return indexes.flatMap(({ expireAfterSeconds: seconds }) => (seconds === undefined ? [] : [seconds]));
      }),
    );
    return found.flat().map((seconds) => seconds / daySeconds);
  } finally {
    await connection.close();
  }
}

describe('what is kept of webhooks', () => {
  it('goes after the days that are set, whenever they are set, and events no sooner than what they were sent as', async () => {
    const api = (env: Record<string, string>) => product.startApi({ env });
    const worker = (env: Record<string, string>) => product.startWorker({ env });
    expect(await daysAfter(api, 30)).toEqual([30, 30, 30, 40]);
    expect(await daysAfter(worker, 90)).toEqual([90, 90, 90, 100]);
    expect(await daysAfter(api, 7)).toEqual([7, 7, 7, 17]);
  }, 120_000);
});
