import type { BenchReport } from '../benchmark.js';
import { resultTable } from '../results.js';
import type { Result } from '../rounds.js';

/** Creating is to cost at most this many times the bare workflow. */
export const target = 1.5;

export interface TicketResults {
  creation: Result[];
  lifecycles: Result[];
  memoryMb: Record<string, number>;
}

export function report({ creation, lifecycles, memoryMb }: TicketResults): BenchReport {
  const costs = creation.filter(({ name }) => name === 'ticket creation');
  const summary = costs.map(({ concurrency, ratio }) => `${ratio.p50.toFixed(2)} at ${concurrency} at once`).join(', ');
  const met = costs.every(({ ratio }) => ratio.p50 <= target);
  const memory = Object.entries(memoryMb).map(([name, mb]) => `${name} ${mb} MB`);
  return {
    data: { creation, lifecycles, memoryMb, target: { p50Ratio: target, met } },
    text: [
      resultTable([...creation, ...lifecycles]),
      '',
      `Creating costs ${summary} of the bare workflow (p50); the target of ${target} is ${met ? 'met' : 'missed'}.`,
      `Ratios: of each round, then their median; p99 of all rounds together. Resident memory: ${memory.join(', ')}.`,
    ].join('\n'),
  };
}
