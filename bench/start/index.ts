import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../dev/paths.js';
import type { StandaloneBenchmark } from '../benchmark.js';
import { openStack } from '../stack.js';
import { median } from '../stats.js';
import { table } from '../table.js';
import { copyCheckout } from './checkout.js';
import { measureStart, type MeasuredStart, type Phases } from './npm-start.js';
import { measurePrograms, type MeasuredProgram } from './programs.js';

const phaseNames = ['spawned', 'servers', 'api', 'worker', 'ready'] as const satisfies readonly (keyof Phases)[];

interface Case {
  name: string;
  starts: MeasuredStart[];
}

/** How long `npm start` takes when packages and server binaries are there, and what one start of API and worker costs. */
export const benchStart: StandaloneBenchmark = async ({ quick, log }) => {
  const count = quick ? 2 : 5;
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-bench-start-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const root = projectRoot();
  const at = (name: string) => path.join(folder, name);
  const measure = async (name: string, start: (index: number) => Promise<MeasuredStart>): Promise<Case> => {
    const starts: MeasuredStart[] = [];
    for (let index = 0; index < count; index++) {
      log(`start: ${name}, ${index + 1} of ${count}`);
      starts.push(await start(index));
    }
    return { name, starts };
  };

  log('start: warming up');
  await measureStart(root, at('used'));
  const cases = [
    await measure('used home', () => measureStart(root, at('used'))),
    await measure('new home', (index) => measureStart(root, at(`new-${index}`))),
    await measure('used home, no dist/', (index) => measureStart(copyCheckout(root, at(`copy-${index}`)), at('used'))),
  ];
  log('start: API and worker alone');
  const stack = await openStack();
  try {
    const programs = await measurePrograms(stack, count);
    return { text: report(cases, programs), data: { cases, programs } };
  } finally {
    await stack.close();
  }
};

function report(cases: readonly Case[], programs: readonly MeasuredProgram[]): string {
  const seconds = (ms: number) => (ms / 1_000).toFixed(2);
  const rows = cases.map(({ name, starts }) => {
    const ready = starts.map(({ phases }) => phases.ready);
    const medians = phaseNames.map((phase) => seconds(median(starts.map(({ phases }) => phases[phase]))));
    return [name, ...medians, seconds(Math.min(...ready)), seconds(Math.max(...ready))];
  });
  const names = Object.keys(cases[0]?.starts[0]?.cpu ?? {});
  const cpuRows = cases.map(({ name, starts }) => [
    name,
    ...names.map((process) => median(starts.map(({ cpu }) => cpu[process] ?? NaN)).toFixed(2)),
  ]);
  return [
    'Seconds from the command `npm start` to the end of each phase, medians; the last two are the least and the most.',
    table(['', ...phaseNames, 'min', 'max'], rows),
    'Seconds of CPU of each process until then (npm itself aside), medians.',
    table(['', ...names], cpuRows),
    'One API and one worker process alone, from the start until it listens or polls, medians.',
    table(
      ['', 'cpu s', 's', 'MB'],
      programs.map(({ name, cpuSeconds, seconds: wall, residentMb }) => [
        name,
        cpuSeconds.toFixed(2),
        wall.toFixed(2),
        residentMb.toFixed(0),
      ]),
    ),
  ].join('\n\n');
}
