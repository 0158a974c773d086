// npm run bench -- [names] [--part name] [--quick] [--json]: each benchmark on servers of this run's own.
import { parseArgs } from 'node:util';
import { reasonOf } from '../dev/files.js';
import type { Benchmark } from './benchmark.js';
import { benchConsole } from './console/index.js';
import { benchEscalations } from './escalations/index.js';
import { openStack } from './stack.js';
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

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      part: { type: 'string', multiple: true, default: [] },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0)
    throw new Error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.`);

  const say = (line: string) => console.error(`· ${line}`);
  const results: Record<string, unknown> = {};
  for (const name of names) {
    const startedAt = Date.now();
    const stack = await openStack();
    try {
      const report = await benchmarks[name]?.({ stack, quick: values.quick, parts: values.part, say });
      results[name] = report?.data;
      if (!values.json) console.log(`\n${name}\n\n${report?.text}\n`);
    } finally {
      await stack.close();
    }
    say(`${name}: ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }
  if (values.json) console.log(JSON.stringify(results, null, 2));
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
