import type { BenchReport } from '../benchmark.js';
import type { Stack } from '../stack.js';
import type { Plan } from './plan.js';
import type { Receiver } from './receiver/receiver.js';
import { runRounds, type Contender, type Flow } from './rounds.js';

export interface PartContext {
  stack: Stack;
  plan: Plan;
  /** Takes all that arrives. */
  receiver: Receiver;
  log: (line: string) => void;
}

/** Something to measure, on products of its own. */
export type Part = (context: PartContext) => Promise<BenchReport>;

/** A part's rounds: told, and bounded in time. */
export async function measure(
  { plan, receiver, log }: PartContext,
  what: string,
  contenders: readonly Contender[],
  { rounds = plan.rounds, events }: { rounds?: number; events: number },
): Promise<Flow[]> {
  log(`webhooks: ${what}`);
  return runRounds(contenders, receiver, { rounds, events, endsAt: performance.now() + plan.partMs });
}

/** Code that has run is quicker, and so are connections that are there. */
export async function warmUp({ plan, receiver, log }: PartContext, contenders: readonly Contender[]): Promise<void> {
  log('webhooks: warming up');
  await runRounds(contenders, receiver, { rounds: 1, events: plan.warmUp, endsAt: 0 });
}
