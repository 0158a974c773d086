import { setTimeout as delay } from 'node:timers/promises';
import { watchCpu } from '../cpu.js';
import { runLoad, type Measured } from '../load.js';
import type { Asked } from './fake/fake.js';
import { steps, type Side, type Step } from './side.js';

/** One round of one side: so many links, each step done with all of them before the next. */
export interface Round {
  links: number;
  steps: Record<Step, Measured & { calls: Asked['calls'] }>;
  /** Of the links' whole lives, by process. */
  cpuSeconds: Record<string, number>;
}

/** What follows an answer (workflows that end, tasks that are settled) is counted with it, and does not run into the next round. */
const settleMs = 250;

export async function runRound(
  side: Side,
  { links, atOnce, serverPids }: { links: number; atOnce: number; serverPids: Record<string, number> },
): Promise<Round> {
  const todo = await side.prepare(links);
  // Of the time before, such as a connection's checks.
  await side.calls();
  const used = watchCpu({ load: process.pid, ...serverPids, ...side.pids });
  const done: Partial<Round['steps']> = {};
  for (const step of steps) {
    const measured = await runLoad(links, atOnce, todo[step]);
    done[step] = { ...measured, calls: await side.calls() };
  }
  await delay(settleMs);
  return { links, steps: done as Round['steps'], cpuSeconds: used() };
}
