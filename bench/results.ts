import type { Result } from './rounds.js';
import { table } from './table.js';

const head = ['', 'at once', 'n', 'p50 ms', 'p99 ms', 'a second', '× p50', '× p99', '× rate'];

const row = ({ name, concurrency, samples, p50Ms, p99Ms, perSecond, ratio }: Result) => [
  ...[name, String(concurrency), String(samples)],
  ...[p50Ms, p99Ms, perSecond].map((value) => value.toFixed(1)),
  ...[ratio.p50, ratio.p99, ratio.perSecond].map((value) => value.toFixed(2)),
];

/** What was measured beside each other, a line each. */
export const resultTable = (results: readonly Result[]): string => table(head, results.map(row));
