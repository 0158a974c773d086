import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { HistoryAndWorkflowId } from '@temporalio/client';

type History = HistoryAndWorkflowId['history'];

// The SDK's own historyFromJSON fails ("type must be a Type") where npm installs protobufjs more than once; the
// messages' own reading does not mind. They are the worker's dependency, and are taken from there.
const requireAsWorker = createRequire(createRequire(import.meta.url).resolve('@temporalio/worker'));
const { temporal } = requireAsWorker('@temporalio/proto') as {
  temporal: { api: { history: { v1: { History: { fromObject: (json: unknown) => History } } } } };
};

export const historiesFolder = path.join(import.meta.dirname, '../replay/histories');

/** Every committed history, as the replay takes it; its file's name stands for the workflow's id. */
export function readHistories(): HistoryAndWorkflowId[] {
  return readdirSync(historiesFolder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      workflowId: path.basename(file, '.json'),
      history: historyFrom(JSON.parse(readFileSync(path.join(historiesFolder, file), 'utf8'))),
    }));
}

export const historyFrom = (json: unknown): History => temporal.api.history.v1.History.fromObject(json);

const identities = new Set(['identity', 'workerIdentity', 'lastWorkerIdentity', 'requestId', 'buildId']);

/** A history as it is committed: JSON without what says which process recorded it, and on which machine. */
export function scrubbedJson(history: History): string {
  const scrub = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((inner) => scrub(inner));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, scrub(inner, name)]));
    // A worker's own queue is named after its identity.
    const names = identities.has(key) || (typeof value === 'string' && value.startsWith('worker/'));
    return names ? 'scrubbed' : value;
  };
  return `${JSON.stringify(scrub(JSON.parse(JSON.stringify(history))), null, 1)}\n`;
}
