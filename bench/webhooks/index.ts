import { loadavg } from 'node:os';
import type { Benchmark, BenchReport } from '../benchmark.js';
import { dead } from './parts/dead.js';
import { endpoints } from './parts/endpoints.js';
import { speed } from './parts/speed.js';
import { stored } from './parts/stored.js';
import type { Part } from './part.js';
import { full, short } from './plan.js';
import { startReceiver } from './receiver/receiver.js';

const all: Record<string, Part> = { speed, stored, endpoints, dead };

/** Events through the delivery engine to a receiver on this machine: `POST /events` to the arrival, beside a naive sender. */
export const benchWebhooks: Benchmark = async ({ stack, quick, parts = [], log }) => {
  const names = parts.length > 0 ? parts : Object.keys(all);
  const receiver = await startReceiver(stack);
  const reports: [string, BenchReport][] = [];
  for (const name of names) {
    const part = all[name];
    if (!part) throw new Error(`There is no part ${name}. There are: ${Object.keys(all).join(', ')}.`);
    reports.push([name, await part({ stack, plan: quick ? short : full, receiver, log })]);
  }
  // Of its own processes and of others': figures of a machine that is busy are worth less.
  const load = loadavg().map((value) => value.toFixed(1));
  const texts = reports.map(([name, { text }]) => `${name}\n${text}`);
  return {
    data: { ...Object.fromEntries(reports.map(([name, { data }]) => [name, data])), load },
    text: [...texts, `Load of the machine, of the last 1, 5 and 15 minutes: ${load.join(', ')}.`].join('\n\n'),
  };
};
