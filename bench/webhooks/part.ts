import type { BenchReport } from '../benchmark.js';
import type { Stack } from '../stack.js';
import type { Plan } from './plan.js';
import type { Receiver } from './receiver/receiver.js';
import { inTurns, type Contender, type Flow } from './turns.js';

export interface PartContext {
  stack: Stack;
  plan: Plan;
  /** Takes all that arrives. */
  receiver: Receiver;
  say: (line: string) => void;
}

/** Something to measure, on products of its own. */
export type Part = (context: PartContext) => Promise<BenchReport>;

/** A part's rounds: told, and bounded in time. */
export async function measure(
  { plan, receiver, say }: PartContext,
  what: string,
  contenders: readonly Contender[],
  { rounds = plan.rounds, events }: { rounds?: number; events: number },
): Promise<Flow[]> {
  say(`webhooks: ${what}`);
  return inTurns(contenders, receiver, { rounds, events, endsAt: performance.now() + plan.partMs });
}

/** Code that has run is quicker, and so are connections that are there. */
export async function warmUp({ plan, receiver, say }: PartContext, contenders: readonly Contender[]): Promise<void> {
  say('webhooks: warming up');
  await inTurns(contenders, receiver, { rounds: 1, events: plan.warmUp, endsAt: 0 });
}
