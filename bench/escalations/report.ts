import type { BenchReport } from '../benchmark.js';
import { resultTable } from '../results.js';
import type { Result } from '../rounds.js';
import { table } from '../table.js';

/** A long queue may take this many times what a hundred take, and the worker hold this many times what it held before. */
export const target = 1.25;
/** For a thousand events in one call. */
const callWithinMs = 1_000;

interface Memory {
  api: number;
  worker: number;
}

/** Escalations that were raised and drained. */
export interface Filling {
  name: string;
  count: number;
  /** Raised and drained. */
  perSecond: number;
  /** By process. */
  cpuSeconds: Record<string, number>;
  /** When they had been drained. */
  memoryMb: Memory;
}

export interface EscalationResults {
  /** How many the long queue has. */
  total: number;
  /** Of the calls on queues: those of the long one end in its length. */
  results: Result[];
  ingested: Result[];
  fillings: Filling[];
  afterUse: Memory;
  /** Percent of a core, by process. */
  idle: { before: Record<string, number>; after: Record<string, number> };
}

export function report({ total, results, ingested, fillings, afterUse, idle }: EscalationResults): BenchReport {
  const long = results.filter(({ name }) => name.endsWith(`: ${total}`));
  const slower = long.filter(({ ratio }) => ratio.p50 > target).map(nameAndRatio);
  const worst = Math.max(...long.map(({ ratio }) => ratio.p50));
  const slowestCall = Math.max(...ingested.map(({ p50Ms }) => p50Ms));
  // The first step is before its caches are full.
  const [, second] = fillings;
  const grown = afterUse.worker / (second?.memoryMb.worker ?? NaN);
  const processes = Object.keys(idle.before);
  const fillingRow = ({ name, count, perSecond, cpuSeconds, memoryMb }: Filling) => [
    ...[name, String(count), perSecond.toFixed(1)],
    ...processes.map((process) => (((cpuSeconds[process] ?? NaN) / count) * 1000).toFixed(1)),
    ...[memoryMb.api, memoryMb.worker].map(String),
  ];
  const idleRow = (name: string, shares: Record<string, number>) => [
    name,
    ...processes.map((process) => (shares[process] ?? NaN).toFixed(1)),
  ];
  return {
    data: {
      total,
      results,
      ingested,
      fillings,
      afterUse,
      idle,
      target: { p50Ratio: target, met: slower.length === 0 },
    },
    text: [
      resultTable([...results, ...ingested]),
      '',
      table(
        ['raised and drained', 'n', 'a second', ...processes.map((process) => `${process} ms`), 'API MB', 'worker MB'],
        [
          ...fillings.map(fillingRow),
          ['after all the calls', '', '', ...processes.map(() => ''), String(afterUse.api), String(afterUse.worker)],
        ],
      ),
      '',
      table(
        ['idle, % of a core', ...processes],
        [idleRow('none open', idle.before), idleRow(`${total} open`, idle.after)],
      ),
      '',
      `Of ${total} open, a call costs at most ${worst.toFixed(2)} of what it costs of a hundred (p50); the target of ${target} is ${slower.length === 0 ? 'met' : `missed by: ${slower.join(', ')}`}.`,
      `The slowest call of \`POST /events\` took ${slowestCall.toFixed(0)} ms (p50); it may take ${callWithinMs}. In milliseconds: what each process computes for one escalation. The worker holds ${grown.toFixed(2)} of what it held at the second step.`,
    ].join('\n'),
  };
}

const nameAndRatio = ({ name, concurrency, ratio }: Result) =>
  `${name}, ${concurrency} at once: ${ratio.p50.toFixed(2)}`;
