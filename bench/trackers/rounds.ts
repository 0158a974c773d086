import type { Result } from '../rounds.js';
import { median, quantile } from '../stats.js';
import { runRound, type Round } from './round.js';
import { steps, type Side, type Step } from './side.js';

export interface RoundPlan {
  rounds: number;
  /** In each round, of each side. */
  links: number;
  atOnce: number;
  /** No round begins after this; at least one is run. In milliseconds, as `performance.now()` has it. */
  endsAt: number;
  /** Of the servers that all sides share. */
  serverPids: Record<string, number>;
}

/** What one side came to. */
export interface Flow {
  name: string;
  atOnce: number;
  links: number;
  /** Created, commented on and closed, a second: the median of the rounds'. */
  livesPerSecond: number;
  /** Beside the first side's. */
  steps: Record<Step, Result>;
  /** What its tracker was asked for one link, by operation: of all rounds together. */
  calls: Record<Step, Record<string, number>>;
  /** For one link's whole life, by process: of all rounds together, for the clock is a coarse one. */
  cpuMs: Record<string, number>;
}

/**
 * Measures sides in turns, so that whatever else the machine does hits all of them alike; every other round runs backwards.
 * @param sides the first one is the baseline
 */
export async function runRounds(sides: readonly Side[], plan: RoundPlan): Promise<Flow[]> {
  const measured = sides.map((side) => ({ side, rounds: [] as Round[] }));
  for (let round = 0; round < plan.rounds && (round === 0 || performance.now() < plan.endsAt); round++) {
    for (const { side, rounds } of round % 2 === 0 ? measured : measured.toReversed()) {
      rounds.push(await runRound(side, plan));
    }
  }
  const baseline = measured[0]?.rounds ?? [];
  return measured.map(({ side, rounds }) => summarise(side.name, plan.atOnce, rounds, baseline));
}

function summarise(name: string, atOnce: number, rounds: readonly Round[], baseline: readonly Round[]): Flow {
  const links = sum(rounds.map((round) => round.links));
  const ofEach = <T>(of: (step: Step) => T) =>
    Object.fromEntries(steps.map((step) => [step, of(step)])) as Record<Step, T>;
  return {
    name,
    atOnce,
    links,
    livesPerSecond: median(
      rounds.map((round) => (round.links / sum(steps.map((step) => round.steps[step].elapsedMs))) * 1000),
    ),
    steps: ofEach((step) => resultOf(`${step}: ${name}`, step, atOnce, rounds, baseline)),
    calls: ofEach((step) =>
      added(
        rounds.map((round) => round.steps[step].calls),
        1 / links,
      ),
    ),
    cpuMs: added(
      rounds.map(({ cpuSeconds }) => cpuSeconds),
      1000 / links,
    ),
  };
}

function resultOf(
  name: string,
  step: Step,
  concurrency: number,
  rounds: readonly Round[],
  baseline: readonly Round[],
): Result {
  const p50 = (round: Round) => median(round.steps[step].latenciesMs);
  const rate = (round: Round) => (round.links / round.steps[step].elapsedMs) * 1000;
  const latencies = (all: readonly Round[]) => all.flatMap((round) => round.steps[step].latenciesMs);
  const ratioOf = (of: (round: Round) => number) =>
    median(rounds.flatMap((round, index) => (baseline[index] ? [of(round) / of(baseline[index])] : [])));
  const p99Ms = quantile(latencies(rounds), 0.99);
  return {
    name,
    concurrency,
    samples: latencies(rounds).length,
    p50Ms: median(rounds.map(p50)),
    p99Ms,
    perSecond: median(rounds.map(rate)),
    ratio: { p50: ratioOf(p50), p99: p99Ms / quantile(latencies(baseline), 0.99), perSecond: ratioOf(rate) },
  };
}

/** What these hold under each name together, times a factor. */
function added(all: readonly Record<string, number>[], factor: number): Record<string, number> {
  const names = [...new Set(all.flatMap(Object.keys))];
  return Object.fromEntries(names.map((name) => [name, sum(all.map((one) => one[name] ?? 0)) * factor]));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
