import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../files.js';
import type { Supervised } from './supervise.js';

export interface ReadinessOptions {
  /** `http://host:port`, where /healthz and /readyz are. */
  baseUrl: string;
  /** By name; one that dies again and again before all is ready is given up. */
  apps: Readonly<Record<string, Supervised>>;
  signal: AbortSignal;
  report: (line: string) => void;
}

const pollMs = 50;
const logEveryMs = 20_000;
const maxRestarts = 3;

/**
 * Waits until the API is alive and ready, which it is when MongoDB, Temporal and a polling worker are.
 * @throws Error when an app does not stay up, or the signal's reason
 */
export async function untilAppsReady({ baseUrl, apps, signal, report }: ReadinessOptions): Promise<void> {
  let loggedAt = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const problem = (await ask(`${baseUrl}/healthz`)) ?? (await ask(`${baseUrl}/readyz`));
    if (problem === undefined) return;
    for (const [name, app] of Object.entries(apps)) {
      if (app.restarts() >= maxRestarts) throw new Error(`${name} does not stay up; its last lines are above.`);
    }
    if (Date.now() - loggedAt > logEveryMs) {
      report(`Still waiting: ${problem}`);
      loggedAt = Date.now();
    }
    await delay(pollMs, undefined, { signal });
  }
}

/** Why this address does not answer 200, or undefined when it does. */
async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    const body = await response.text();
    return response.status === 200 ? undefined : `${url} answers ${response.status}: ${body.slice(0, 400)}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `${url} does not answer: ${reasonOf(cause)}`;
  }
}
