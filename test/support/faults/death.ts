import { existsSync, readFileSync } from 'node:fs';

/** By subject: the point at which its write is to be when the process dies. */
export type DeathPlan = Record<string, string>;

/**
 * A `kill -9` from inside, by the plan in FAULT_PLAN (a JSON file), which is read at the start, if it is there, and on
 * SIGUSR2, acknowledged with `armed` on stdout. Whoever comes by the point that is planned for its subject is held there, and the last of them
 * ends the process: one death finds all of them where they were to be.
 * @returns what is to be called at each point
 */
export function createDeath(): (point: string, subjectId: string) => Promise<void> {
  const file = process.env.FAULT_PLAN ?? '';
  const read = () => JSON.parse(readFileSync(file, 'utf8')) as DeathPlan;
  let plan: DeathPlan = existsSync(file) ? read() : {};
  const held = new Set<string>();
  process.on('SIGUSR2', () => {
    plan = read();
    process.stdout.write('armed\n');
  });
  return async (point, subjectId) => {
    if (plan[subjectId] !== point) return;
    held.add(subjectId);
    process.stdout.write(`held ${held.size} of ${Object.keys(plan).length}: ${subjectId} ${point}\n`);
    if (held.size >= Object.keys(plan).length) process.kill(process.pid, 'SIGKILL');
    await new Promise<never>(() => undefined);
  };
}
