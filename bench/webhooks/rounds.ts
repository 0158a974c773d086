import { median, quantile } from '../stats.js';
import type { Receiver } from './receiver/receiver.js';
import { runRound, type Load, type Round } from './round.js';

/** One of the things that are measured beside each other. */
export interface Contender extends Load {
  name: string;
}

export interface RoundPlan {
  rounds: number;
  /** In each round, of each contender. */
  events: number;
  /** No round begins after this; at least one is run. In milliseconds, as `performance.now()` has it. */
  endsAt: number;
}

/** Rates, p50 and CPU: the median of the rounds'. p99: of all rounds together. */
export interface Flow {
  name: string;
  atOnce: number;
  perCall: number;
  /** Deliveries. */
  samples: number;
  acceptedPerSecond: number;
  deliveredPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** For one event, by process. */
  cpuMs: Record<string, number>;
  /** To the first contender, the baseline: the median of each round's own ratio, for p99 of all together. */
  ratio: { accepted: number; delivered: number; p50: number; p99: number };
}

/**
 * Measures contenders in turns, so that whatever else the machine does hits all of them alike; every other round runs backwards.
 * @param contenders the first one is the baseline
 */
export async function runRounds(
  contenders: readonly Contender[],
  receiver: Receiver,
  plan: RoundPlan,
): Promise<Flow[]> {
  const measured = contenders.map((contender) => ({ contender, rounds: [] as Round[] }));
  for (let round = 0; round < plan.rounds && (round === 0 || performance.now() < plan.endsAt); round++) {
    for (const { contender, rounds } of round % 2 === 0 ? measured : measured.toReversed()) {
      rounds.push(await runRound(contender, receiver, plan.events));
    }
  }
  const baseline = measured[0]?.rounds ?? [];
  return measured.map(({ contender, rounds }) => summarise(contender, rounds, baseline));
}

function summarise({ name, atOnce, perCall }: Contender, rounds: readonly Round[], baseline: readonly Round[]): Flow {
  const middle = (of: (round: Round) => number) => median(rounds.map(of));
  const ratioOf = (of: (round: Round) => number) =>
    median(rounds.flatMap((round, index) => (baseline[index] ? [of(round) / of(baseline[index])] : [])));
  const accepted = (round: Round) => round.acceptedPerSecond;
  const delivered = (round: Round) => round.deliveredPerSecond;
  const p50 = (round: Round) => median(round.latenciesMs);
  const p99Ms = p99Of(rounds);
  return {
    ...{ name, atOnce, perCall },
    samples: rounds.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0),
    acceptedPerSecond: middle(accepted),
    deliveredPerSecond: middle(delivered),
    p50Ms: middle(p50),
    p99Ms,
    cpuMs: Object.fromEntries(
      Object.keys(rounds[0]?.cpuMs ?? {}).map((process) => [process, middle(({ cpuMs }) => cpuMs[process] ?? NaN)]),
    ),
    ratio: {
      accepted: ratioOf(accepted),
      delivered: ratioOf(delivered),
      p50: ratioOf(p50),
      p99: p99Ms / p99Of(baseline),
    },
  };
}

const p99Of = (rounds: readonly Round[]): number =>
  quantile(
    rounds.flatMap(({ latenciesMs }) => latenciesMs),
    0.99,
  );
