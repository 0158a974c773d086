import type { BenchReport } from '../benchmark.js';
import type { Result } from '../rounds.js';
import { table } from '../table.js';

/** Creating is to cost at most this many times the bare workflow. */
export const target = 1.5;

export interface TicketResults {
  creation: Result[];
  lifecycles: Result[];
  memoryMb: Record<string, number>;
}

const head = ['', 'at once', 'n', 'p50 ms', 'p99 ms', 'a second', '× p50', '× p99', '× rate'];

const row = ({ name, concurrency, samples, p50Ms, p99Ms, perSecond, ratio }: Result) => [
  ...[name, String(concurrency), String(samples)],
  ...[p50Ms, p99Ms, perSecond].map((value) => value.toFixed(1)),
  ...[ratio.p50, ratio.p99, ratio.perSecond].map((value) => value.toFixed(2)),
];

export function report({ creation, lifecycles, memoryMb }: TicketResults): BenchReport {
  const costs = creation.filter(({ name }) => name === 'ticket creation');
  const verdict = costs.map(({ concurrency, ratio }) => `${ratio.p50.toFixed(2)} at ${concurrency} at once`).join(', ');
  const met = costs.every(({ ratio }) => ratio.p50 <= target);
  const memory = Object.entries(memoryMb).map(([name, mb]) => `${name} ${mb} MB`);
  return {
    data: { creation, lifecycles, memoryMb, target: { p50Ratio: target, met } },
    text: [
      table(head, [...creation, ...lifecycles].map(row)),
      '',
      `Creating costs ${verdict} of the bare workflow (p50); the target of ${target} is ${met ? 'met' : 'missed'}.`,
      `Ratios: of each round, then their median; p99 of all rounds together. Resident memory: ${memory.join(', ')}.`,
    ].join('\n'),
  };
}
