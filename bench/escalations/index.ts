import type { Benchmark } from '../benchmark.js';
import { cpuShares, watchCpu } from '../cpu.js';
import { residentMb } from '../memory.js';
import { inRounds, type Result } from '../rounds.js';
import { claims, ingesting, reads, type Question } from './contenders.js';
import { fill, makeQueue, openSide, type Queue } from './queue.js';
import { report, type Filling } from './report.js';

interface Plan {
  /** How many the large queue has when it is looked at; the last is its size. */
  steps: number[];
  /** Of a queue with SLA times, beside the large one. */
  timed: number;
  rounds: number;
  /** In a round, of each contender. */
  counts: { reads: number; claims: number; claimsAtOnce: number };
  ingest: { rounds: number; events: number; matching: number[] };
  idleMs: number;
  /** Calls of each kind before anything is measured. */
  warmUps: number;
  /** A part takes no new round after this. */
  partMs: number;
}

const few = 100;
const manyAtOnce = 20;
const sla = { acknowledge_minutes: 30 * 24 * 60, resolve_minutes: 60 * 24 * 60 };

const full: Plan = {
  steps: [100, 1_000, 5_000, 10_000],
  timed: 1_000,
  rounds: 8,
  counts: { reads: 20, claims: 20, claimsAtOnce: 60 },
  ingest: { rounds: 2, events: 1_000, matching: [0, 10, 1_000] },
  idleMs: 30_000,
  warmUps: 50,
  partMs: 60_000,
};
const short: Plan = {
  steps: [100, 500],
  timed: 100,
  rounds: 2,
  counts: { reads: 8, claims: 8, claimsAtOnce: 20 },
  ingest: { rounds: 1, events: 100, matching: [0, 10, 100] },
  idleMs: 5_000,
  warmUps: 10,
  partMs: 8_000,
};

/**
 * What a long queue costs: reading it, claiming, and keeping its workflows. Beside a product with a hundred escalations,
 * on a database and a worker of its own; both share the servers.
 */
export const benchEscalations: Benchmark = async ({ stack, quick, log }) => {
  const plan = quick ? short : full;
  const total = plan.steps.at(-1) ?? few;
  const products = [await stack.startProduct(), await stack.startProduct()] as const;
  const [small, large] = await Promise.all(products.map(openSide));
  if (!small || !large) throw new Error('There are two products.');
  const { api, worker } = large.product;
  const memory = () => ({ api: residentMb(api.pid), worker: residentMb(worker.pid) });
  const pids = { ...stack.serverPids, api: api.pid, worker: worker.pid };
  const idle = () => cpuShares(pids, plan.idleMs);

  const part = async (question: Question, queues: [string, Queue][], count: number, atOnce: number, rounds: number) => {
    log(`escalations: ${question.name}, ${atOnce} at once`);
    const contenders = queues.map(([name, queue]) => question.of(queue, `${question.name}: ${name}`));
    const options = { count, concurrency: atOnce };
    await inRounds(contenders, { ...options, count: Math.min(count, manyAtOnce), rounds: 1, endsAt: 0 });
    return inRounds(contenders, { ...options, rounds, endsAt: performance.now() + plan.partMs });
  };

  try {
    log('escalations: idle, with none open');
    const idleBefore = await idle();
    const baseline = await makeQueue(small, 'few', few);
    const beside = await makeQueue(large, 'few', few);
    const many = await makeQueue(large, 'many', total);
    const timed = await makeQueue(large, 'timed', plan.timed, { critical: sla, high: sla, medium: sla, low: sla });

    const fillings: Filling[] = [];
    const fillTo = async (name: string, queue: Queue, from: number, to: number) => {
      log(`escalations: raising ${to - from} (${name})`);
      const used = watchCpu(pids);
      const perSecond = await fill(queue, from, to);
      fillings.push({ name, count: to - from, perSecond, cpuSeconds: used(), memoryMb: memory() });
    };
    await fill(baseline, 0, few);
    for (const [index, step] of plan.steps.entries()) {
      await fillTo(`up to ${step} open`, many, plan.steps[index - 1] ?? 0, step);
    }
    await fillTo('with SLA times, beside them', timed, 0, plan.timed);
    await fill(beside, 0, few);
    log('escalations: idle, with all open');
    const idleAfter = await idle();

    const queues: [string, Queue][] = [
      [String(few), baseline],
      [`${few} beside ${total}`, beside],
      [String(total), many],
    ];
    log('escalations: warming up');
    // The baseline twice: its API answers for one queue, the other one for two, and code that ran more often is quicker.
    const warmed = reads.flatMap((question) =>
      [baseline, baseline, beside, many].map((queue) => question.of(queue, question.name)),
    );
    await inRounds(warmed, { rounds: 1, count: plan.warmUps, concurrency: 1, endsAt: 0 });
    const results: Result[] = [];
    for (const question of reads) results.push(...(await part(question, queues, plan.counts.reads, 1, plan.rounds)));
    results.push(...(await part(claims, queues, plan.counts.claims, 1, plan.rounds)));
    results.push(...(await part(claims, queues, plan.counts.claimsAtOnce, manyAtOnce, plan.rounds)));
    const afterUse = memory();

    const inboxes: [string, Queue][] = [
      [`beside ${few}`, await makeQueue(small, 'inbox', 0)],
      [`beside ${total}`, await makeQueue(large, 'inbox', 0)],
    ];
    const ingested: Result[] = [];
    const { events, matching, rounds } = plan.ingest;
    for (const matches of matching) ingested.push(...(await part(ingesting(events, matches), inboxes, 1, 1, rounds)));
    return report({ total, results, ingested, fillings, afterUse, idle: { before: idleBefore, after: idleAfter } });
  } finally {
    await Promise.all([small.close(), large.close()]);
  }
};
