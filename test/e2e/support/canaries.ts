import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Client } from '@temporalio/client';

const canary = (name: string) => `canary-${name}-${randomBytes(9).toString('hex')}`;

/** Values that nobody else has: wherever one turns up, it leaked. */
export function makeCanaries() {
  const secrets = {
    webhookSecret: canary('webhook-secret'),
    adminKey: canary('admin-key'),
    encryptionKey: randomBytes(32).toString('base64'),
    urlPath: canary('url-path'),
    urlToken: canary('url-token'),
    wrongKey: canary('wrong-key'),
    queryToken: canary('query-token'),
  };
  /** What people wrote: shown to callers who may read it, and to nobody else. */
  const texts = {
    title: canary('title'),
    description: canary('description'),
    comment: canary('comment'),
    author: canary('author'),
    reply: canary('reply'),
    replyAuthor: canary('reply-author'),
    malformed: canary('malformed'),
    trackerMessage: canary('tracker-words'),
  };
  return { secrets, texts };
}

/** The names of the values that a text or file holds, as they are or in base64. */
export function leaks(haystack: string | Buffer, values: Record<string, string>): string[] {
  const buffer = Buffer.from(haystack);
  return Object.entries(values)
    .filter(([, value]) => buffer.includes(value) || buffer.includes(Buffer.from(value).toString('base64')))
    .map(([name]) => name);
}

/** All that stands in a history or a description: texts, and payloads as text. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

/** What Temporal shows of a workflow: every run's history, the description, and what is pending with its last failure. */
export async function shownByTemporal(client: Client, workflowId: string) {
  const handle = client.workflow.getHandle(workflowId);
  const [history, description] = await Promise.all([handle.fetchHistory(), handle.describe()]);
  const { pendingActivities } = description.raw;
  return {
    text: [...textsIn(history), ...textsIn(description.raw)].join('\n'),
    pendingFailures: (pendingActivities ?? []).flatMap(({ lastFailure }) => textsIn(lastFailure)).join('\n'),
  };
}

/** Temporal's database as it lies on the disk. @param dataFile of a local Temporal */
export function temporalFiles(dataFile: string): Buffer {
  const files = [dataFile, `${dataFile}-wal`].filter((name) => existsSync(name));
  return Buffer.concat(files.map((name) => readFileSync(name)));
}
