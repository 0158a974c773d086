import { randomBytes } from 'node:crypto';
import { freePort } from '../../dev/stack/ports.js';
import { cpuSeconds } from '../cpu.js';
import { residentMb } from '../memory.js';
import type { Stack } from '../stack.js';
import { median } from '../stats.js';

/** Medians of several starts of one program. */
export interface MeasuredProgram {
  name: string;
  cpuSeconds: number;
  seconds: number;
  residentMb: number;
}

const programs = [
  { name: 'api', file: 'src/api.js', readyText: 'API is listening' },
  { name: 'worker', file: 'src/worker.js', readyText: 'worker is polling' },
];

/** Starts each program alone several times, on a database that has its indexes. */
export async function measurePrograms(stack: Stack, count: number): Promise<MeasuredProgram[]> {
  const { api, worker, mongoUri } = await stack.startProduct();
  await Promise.all([api.stop(), worker.stop()]);
  const env = {
    ...{ PORT: String(await freePort()), MONGODB_URI: mongoUri, TEMPORAL_QUEUE_SUFFIX: '-bench-start' },
    ...{ ADMIN_API_KEY: randomBytes(24).toString('hex'), ENCRYPTION_KEY: randomBytes(32).toString('base64') },
  };
  const measured: MeasuredProgram[] = [];
  for (const { name, file, readyText } of programs) {
    const samples: Omit<MeasuredProgram, 'name'>[] = [];
    for (let index = 0; index < count; index++) {
      const startedAt = performance.now();
      const running = await stack.start(file, env, readyText);
      samples.push({
        cpuSeconds: cpuSeconds(running.pid),
        seconds: (performance.now() - startedAt) / 1_000,
        residentMb: residentMb(running.pid),
      });
      await running.stop();
    }
    const of = (key: keyof Omit<MeasuredProgram, 'name'>) => median(samples.map((sample) => sample[key]));
    measured.push({ name, cpuSeconds: of('cpuSeconds'), seconds: of('seconds'), residentMb: of('residentMb') });
  }
  return measured;
}
