import type { Benchmark } from '../benchmark.js';
import { startFake } from './fake/fake.js';
import { report } from './report.js';
import { openSide } from './side.js';
import { runRounds, type Flow } from './rounds.js';

interface Plan {
  rounds: number;
  /** In a round, of each side. */
  loads: { atOnce: number; links: number }[];
  /** A load takes no new round after this. */
  loadMs: number;
}

const many = 20;
const full: Plan = {
  rounds: 8,
  loads: [
    { atOnce: 1, links: 15 },
    { atOnce: many, links: 40 },
  ],
  loadMs: 50_000,
};
const short: Plan = {
  rounds: 2,
  loads: [
    { atOnce: 1, links: 4 },
    { atOnce: many, links: 20 },
  ],
  loadMs: 3_000,
};

/** What links cost at Jira and ServiceNow, fakes on this machine that answer at once, beside the mock. */
export const benchTrackers: Benchmark = async ({ stack, quick, log }) => {
  const { rounds, loads, loadMs } = quick ? short : full;
  const [product, jira, serviceNow] = await Promise.all([
    stack.startProduct({ EGRESS_ALLOW: '127.0.0.0/8' }),
    startFake(stack, 'jira'),
    startFake(stack, 'servicenow'),
  ]);
  const sides = await Promise.all([
    openSide(product, 'mock'),
    openSide(product, 'Jira', jira),
    openSide(product, 'ServiceNow', serviceNow),
  ]);
  const { serverPids } = stack;
  try {
    log('trackers: warming up');
    await runRounds(sides, { rounds: 1, links: many, atOnce: many, endsAt: 0, serverPids });
    const flows: Flow[] = [];
    for (const load of loads) {
      log(`trackers: ${load.atOnce} at once`);
      flows.push(...(await runRounds(sides, { ...load, rounds, endsAt: performance.now() + loadMs, serverPids })));
    }
    return report(flows);
  } finally {
    await Promise.all(sides.map((side) => side.close()));
  }
};
