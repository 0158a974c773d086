import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { signBody } from '../../src/lib/signature.js';
import { startChild } from '../process/child.js';
import { freePort } from '../stack/ports.js';
import { programArgs } from '../stack/program.js';
import { untilReady } from '../stack/ready.js';
import { createApi, type Answer } from './api.js';
import type { Product } from './find.js';
import type { Screen } from './screen.js';

export type Applied = { comment: boolean; status: boolean } | 'queued';

/** The tracker's side: it signs what it sends. */
export interface Tracker {
  /** The same event is the same bytes. */
  send: (event: object) => Promise<Answer<{ applied: Applied }>>;
  close: () => Promise<void>;
}

/**
 * The product takes replies when it has a secret, which the embedded start does not make. Without one that both know,
 * they go through one more API process with a secret of its own: API processes hold no state.
 * @param productHasSecret as its readiness says
 */
export async function openTracker(product: Product, productHasSecret: boolean, screen: Screen): Promise<Tracker> {
  const { webhookSecret } = product;
  if (productHasSecret && webhookSecret !== undefined) {
    return { send: sender(product.url, webhookSecret, screen), close: () => Promise.resolve() };
  }
  const secret = randomBytes(24).toString('base64url');
  const own = await startOwnApi(product, secret);
  screen.note(
    `${productHasSecret ? 'The demo does not know' : 'Drawbridge runs without'} a TICKET_WEBHOOK_SECRET: replies go through one more API process, with a secret made for this demo (${own.url}).`,
  );
  return { send: sender(own.url, secret, screen), close: own.stop };
}

function sender(url: string, secret: string, screen: Screen): Tracker['send'] {
  const call = createApi(url, undefined, screen);
  return (event) => {
    const body = JSON.stringify(event);
    const signature = signBody(body, secret);
    screen.note(`X-Signature: ${signature.slice(0, 19)}…`);
    return call({
      ...{ method: 'POST', path: '/webhooks/tickets', body, headers: { 'X-Signature': signature } },
      expect: [200, 202],
    });
  };
}

async function startOwnApi(product: Product, secret: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const env = product.apiEnvironment();
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startChild({
    command: process.execPath,
    args: [...programArgs, path.join(product.root, 'dist', 'src', 'api.js')],
    env: { ...env, HOST: '127.0.0.1', PORT: String(port), TICKET_WEBHOOK_SECRET: secret, LOG_LEVEL: 'warn' },
    logFile: path.join(folder, 'api.log'),
  });
  try {
    await untilReady('The demo’s API process', child, () => askHealth(url), { deadlineMs: 30_000 });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    url,
    stop: async () => {
      await child.stop();
    },
  };
}

async function askHealth(url: string): Promise<void> {
  const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`it answers ${response.status}`);
}
