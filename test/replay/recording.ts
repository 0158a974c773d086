/**
 * Records the histories that the replay test holds the workflows to, from the product's real processes:
 *
 *   npx vitest run --config test/replay/record.config.ts
 *
 * Add a scenario to `record-*.ts` when a workflow learns something new. Never record an old one anew to make the replay
 * pass: a history that fails stands for tickets and escalations that are open now, and wants `patched()`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, inject } from 'vitest';
import { historiesFolder, scrubbedJson } from '../support/histories.js';
import type { ProductOptions } from '../support/product.js';
import { openProcesses, type ProductProcesses } from '../support/product-processes.js';

/** Writes a run down, unless there is one of this name: committed histories stay as they are. */
export async function record(client: Client, workflowId: string, name: string, runId?: string): Promise<void> {
  const file = path.join(historiesFolder, `${name}.json`);
  if (existsSync(file)) return;
  mkdirSync(historiesFolder, { recursive: true });
  writeFileSync(file, scrubbedJson(await client.workflow.getHandle(workflowId, runId).fetchHistory()));
}

export const pendingOf = async (client: Client, workflowId: string) =>
  (await client.workflow.getHandle(workflowId).describe()).raw.pendingActivities ?? [];

export const runOf = async (client: Client, workflowId: string): Promise<string> =>
  (await client.workflow.getHandle(workflowId).describe()).runId;

/** Opens products, none of whose processes run yet, each with a look into its Temporal; they are closed after the file. */
export function products(): (options: ProductOptions) => Promise<{ product: ProductProcesses; client: Client }> {
  const opened: { product: ProductProcesses; connection: Connection }[] = [];
  afterAll(async () => {
    for (const { product, connection } of opened) {
      await product.close();
      await connection.close();
    }
  });
  return async (options) => {
    // As in production: a history holds what its workflow was started with.
    const product = openProcesses({ ...options, env: { DRAWBRIDGE_TIMINGS: '', ...options.env } });
    const connection = await Connection.connect({ address: options.temporalAddress ?? inject('temporalAddress') });
    opened.push({ product, connection });
    return { product, client: new Client({ connection }) };
  };
}
