import { runLoad } from './load.js';
import { median, quantile } from './stats.js';

/** One of the things that are measured beside each other. */
export interface Contender {
  name: string;
  /** Makes what `count` runs need, outside of what is measured. @returns what is measured, to be called `count` times */
  prepare: (count: number) => Promise<() => Promise<void>>;
}

export interface RoundOptions {
  rounds: number;
  /** In each round, of each contender. */
  count: number;
  concurrency: number;
  /** No round begins after this; at least one is run. In milliseconds, as `performance.now()` has it. */
  endsAt: number;
}

/** p50 and throughput: the median of the rounds'. p99: of all rounds together, since one round has too few for it. */
export interface Result {
  name: string;
  concurrency: number;
  samples: number;
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
  /** To the first contender, the baseline: the median of each round's own ratio, for p99 of all together. */
  ratio: { p50: number; p99: number; perSecond: number };
}

interface Samples {
  name: string;
  rounds: { p50Ms: number; perSecond: number }[];
  latenciesMs: number[];
}

/**
 * Measures contenders in turns, so that whatever else the machine does hits all of them alike; every other round runs backwards.
 * @param contenders the first one is the baseline
 */
export async function inRounds(contenders: readonly Contender[], options: RoundOptions): Promise<Result[]> {
  const { rounds, count, concurrency, endsAt } = options;
  const samples = contenders.map(({ name }): Samples => ({ name, rounds: [], latenciesMs: [] }));
  const pairs = contenders.map((contender, index) => ({ contender, into: samples[index] }));
  for (let round = 0; round < rounds && (round === 0 || performance.now() < endsAt); round++) {
    for (const { contender, into } of round % 2 === 0 ? pairs : pairs.toReversed()) {
      const once = await contender.prepare(count);
      const { latenciesMs, elapsedMs } = await runLoad(count, concurrency, once);
      into?.rounds.push({ p50Ms: median(latenciesMs), perSecond: (count / elapsedMs) * 1000 });
      into?.latenciesMs.push(...latenciesMs);
    }
  }
  const [baseline] = samples;
  return baseline ? samples.map((one) => summarise(one, baseline, concurrency)) : [];
}

function summarise(one: Samples, baseline: Samples, concurrency: number): Result {
  const ratioOf = (field: 'p50Ms' | 'perSecond') =>
    median(one.rounds.map((round, index) => round[field] / (baseline.rounds[index]?.[field] ?? NaN)));
  const p99Ms = quantile(one.latenciesMs, 0.99);
  return {
    name: one.name,
    concurrency,
    samples: one.latenciesMs.length,
    p50Ms: median(one.rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms,
    perSecond: median(one.rounds.map(({ perSecond }) => perSecond)),
    ratio: {
      p50: ratioOf('p50Ms'),
      p99: p99Ms / quantile(baseline.latenciesMs, 0.99),
      perSecond: ratioOf('perSecond'),
    },
  };
}
