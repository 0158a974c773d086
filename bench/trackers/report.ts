import type { BenchReport } from '../benchmark.js';
import { resultTable } from '../results.js';
import type { Result } from '../rounds.js';
import { table } from '../table.js';
import { steps, type Step } from './side.js';
import type { Flow } from './rounds.js';

/**
 * As few calls as their APIs allow.
 * - Jira: the issue and its link to the review, which a create does not take; the comment; the issue with its transitions,
 *   whose ids are each workflow's own, and one of them.
 * - ServiceNow: the record; the comment and, as its answer names no entry of the journal, that entry; the record, since an
 *   update would resolve one that somebody has cancelled, and its update.
 */
const least: Record<string, Record<Step, number>> = {
  Jira: { create: 2, comment: 1, close: 2 },
  ServiceNow: { create: 1, comment: 2, close: 2 },
};

/** What is asked for once in a while, such as close codes, is no call of a link. */
const rounded = (calls: number): number => Math.round(calls * 100) / 100;

export function report(flows: readonly Flow[]): BenchReport {
  const calls = flows.flatMap(callsOf);
  const more = calls.filter(({ total, fewest }) => rounded(total) > fewest);
  const summary = more.map(({ name, step, total, fewest }) => `${name} ${step} ${total.toFixed(2)} for ${fewest}`);
  const met = more.length === 0;
  const rates = flows.map(
    ({ name, atOnce, steps: { create } }) => `${name} ${create.perSecond.toFixed(0)} at ${atOnce} at once`,
  );
  return {
    data: { flows, target: { calls: least, met } },
    text: [
      resultTable(besideEachOther(flows)),
      '',
      callTable(calls),
      '',
      lifeTable(flows),
      '',
      `Links synced a second: ${rates.join(', ')}. Calls: the target, as few as the API allows, is ${met ? 'met' : `missed by ${summary.join(', ')}`}.`,
      'Ratios: to the mock, of each round, then their median; p99 of all rounds together. A life: created, commented on and closed.',
    ].join('\n'),
  };
}

/** By what is at once, then by the step. */
function besideEachOther(flows: readonly Flow[]): Result[] {
  const loads = [...new Set(flows.map(({ atOnce }) => atOnce))];
  return loads.flatMap((load) =>
    steps.flatMap((step) => flows.filter(({ atOnce }) => atOnce === load).map((flow) => flow.steps[step])),
  );
}

interface Calls {
  name: string;
  atOnce: number;
  step: Step;
  /** Calls a link. */
  total: number;
  fewest: number;
  operations: Record<string, number>;
}

/** Nothing for the mock, which calls nobody. */
function callsOf({ name, atOnce, calls }: Flow): Calls[] {
  const fewest = least[name];
  if (!fewest) return [];
  return steps.map((step) => {
    const operations = calls[step];
    const total = Object.values(operations).reduce((sum, count) => sum + count, 0);
    return { name, atOnce, step, total, fewest: fewest[step], operations };
  });
}

const callTable = (calls: readonly Calls[]): string =>
  table(
    ['calls a link', 'at once', 'calls', 'fewest', 'by operation'],
    calls.map(({ name, atOnce, step, total, fewest, operations }) => [
      ...[`${step}: ${name}`, String(atOnce), total.toFixed(2), String(fewest)],
      Object.entries(operations)
        .map(([operation, count]) => `${operation} ${count.toFixed(2)}`)
        .join(', '),
    ]),
  );

/** What each process computes for one link's life, in milliseconds. */
function lifeTable(flows: readonly Flow[]): string {
  const processes = [...new Set(flows.flatMap(({ cpuMs }) => Object.keys(cpuMs)))];
  return table(
    ['lives', 'at once', 'n', 'a second', ...processes.map((process) => `${process} CPU ms`)],
    flows.map(({ name, atOnce, links, livesPerSecond, cpuMs }) => [
      ...[name, String(atOnce), String(links), livesPerSecond.toFixed(1)],
      ...processes.map((process) => cpuMs[process]?.toFixed(1) ?? ''),
    ]),
  );
}
