import { startBare } from '../bare/contender.js';
import type { Benchmark } from '../benchmark.js';
import { residentMb } from '../memory.js';
import { inRounds, type Contender, type Result } from '../rounds.js';
import { createTicketClient } from './client.js';
import { creation, lifecycle } from './contenders.js';
import { report } from './report.js';

interface Plan {
  rounds: number;
  /** In a round, of each contender, by what runs at once. */
  counts: { one: number; many: number; lifecycles: number };
  /** A part takes no new round after this. */
  partMs: number;
}

const many = 20;
const full: Plan = { rounds: 8, counts: { one: 30, many: 80, lifecycles: 40 }, partMs: 38_000 };
const short: Plan = { rounds: 2, counts: { one: 8, many: 20, lifecycles: 20 }, partMs: 3_000 };

/** What a ticket costs on the mock, through HTTP, beside a bare workflow with one activity. */
export const benchTickets: Benchmark = async ({ stack, quick, log }) => {
  const { rounds, counts, partMs } = quick ? short : full;
  const [product, bare] = await Promise.all([stack.startProduct(), startBare(stack)]);
  const client = await createTicketClient(product, 'bench');
  const part = (what: string, contenders: Contender[], count: number, concurrency: number): Promise<Result[]> => {
    log(`tickets: ${what}, ${concurrency} at once`);
    return inRounds(contenders, { rounds, count, concurrency, endsAt: performance.now() + partMs });
  };
  const memory = () => ({
    api: residentMb(product.api.pid),
    worker: residentMb(product.worker.pid),
    'bare worker': residentMb(bare.worker.pid),
  });
  try {
    const all = [bare.oneQueue, bare.twoQueues, creation(client)];
    log('tickets: warming up');
    await inRounds([...all, lifecycle(client)], { rounds: 1, count: many, concurrency: many, endsAt: 0 });
    const single = await part('creation', all, counts.one, 1);
    const several = await part('creation', all, counts.many, many);
    const lifecycles = await part('lifecycles', [bare.oneQueue, lifecycle(client)], counts.lifecycles, many);
    return report({ creation: [...single, ...several], lifecycles, memoryMb: memory() });
  } finally {
    await Promise.all([client.close(), bare.close()]);
  }
};
