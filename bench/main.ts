// npm run bench -- [names] [--part name] [--quick] [--json]: each benchmark on servers of this run's own.
import { parseArgs } from 'node:util';
import { reasonOf } from '../dev/files.js';
import type { BenchContext, Benchmark, BenchReport, StandaloneBenchmark } from './benchmark.js';
import { benchConsole } from './console/index.js';
import { benchEscalations } from './escalations/index.js';
import { openStack } from './stack.js';
import { benchStart } from './start/index.js';
import { benchTickets } from './tickets/index.js';
import { benchTrackers } from './trackers/index.js';
import { benchWebhooks } from './webhooks/index.js';

const benchmarks: Record<string, Benchmark> = {
  tickets: benchTickets,
  trackers: benchTrackers,
  escalations: benchEscalations,
  webhooks: benchWebhooks,
  console: benchConsole,
};
const standalone: Record<string, StandaloneBenchmark> = { start: benchStart };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      part: { type: 'string', multiple: true, default: [] },
    },
  });
  const all = [...Object.keys(benchmarks), ...Object.keys(standalone)];
  const names = positionals.length > 0 ? positionals : all;
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(', ')}. There are: ${all.join(', ')}.`);

  const log = (line: string) => console.error(`· ${line}`);
  const results: Record<string, unknown> = {};
  for (const name of names) {
    const startedAt = Date.now();
    const context = { quick: values.quick, parts: values.part, log };
    const report = await (standalone[name]?.(context) ?? onStack(benchmarks[name], context));
    results[name] = report?.data;
    if (!values.json) console.log(`\n${name}\n\n${report?.text}\n`);
    log(`${name}: ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }
  if (values.json) console.log(JSON.stringify(results, null, 2));
}

async function onStack(
  benchmark: Benchmark | undefined,
  context: Omit<BenchContext, 'stack'>,
): Promise<BenchReport | undefined> {
  const stack = await openStack();
  try {
    return await benchmark?.({ ...context, stack });
  } finally {
    await stack.close();
  }
}

// Not `once`: npm passes on what the group has got already, and the second would end this before its servers are.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(reasonOf(error));
  process.exit(1);
}
