import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { identify } from '../../../dev/process/identity.js';
import { eventually } from '../eventually.js';
import type { Process } from '../product-processes.js';
import type { DeathPlan } from './death.js';

/** Where a doomed process finds the plan of its death. */
export function openDoom() {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-doom-'));
  const file = path.join(folder, 'plan.json');
  return {
    env: { FAULT_PLAN: file },
    /** A process that is started from now on has this plan. */
    plan: (plan: DeathPlan) => writeFileSync(file, JSON.stringify(plan)),
    /** From now on the process dies as soon as each of these subjects' writes is at its point. */
    async arm(one: Process, plan: DeathPlan): Promise<void> {
      writeFileSync(file, JSON.stringify(plan));
      process.kill(one.pid, 'SIGUSR2');
      await eventually(
        () => Promise.resolve(one.log()),
        (log) => log.includes('armed\n'),
      );
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Waits for a process to die by itself. @throws when it lives on, with what it wrote */
export async function untilDead(one: Process, withinMs = 60_000): Promise<void> {
  try {
    await eventually(
      () => Promise.resolve(identify(one.pid)),
      (identity) => identity === undefined,
      withinMs,
    );
  } catch (error) {
    throw new Error(`The ${one.name} did not die:\n${one.log()}`, { cause: error });
  }
}
