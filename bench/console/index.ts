import { freePort } from '../../dev/stack/ports.js';
import type { Benchmark } from '../benchmark.js';
import { watchCpu } from '../cpu.js';
import { batchOf, beginning, riskAt, wordOfAll, wordOfOne } from '../escalations/batch.js';
import { createEscalationClient, type EscalationClient } from '../escalations/client.js';
import { quantile } from '../stats.js';
import { table } from '../table.js';
import { createVisitor, signIn, type Visitor, type Weight } from './visitor.js';

interface Plan {
  /** Open escalations. */
  total: number;
  rounds: number;
  /** Of each page in a round. */
  views: number;
  warmUps: number;
}

const full: Plan = { total: 10_000, rounds: 8, views: 25, warmUps: 50 };
const short: Plan = { total: 500, rounds: 2, views: 10, warmUps: 20 };

/** What one `POST /events` takes. */
const maxEvents = 1_000;
const critical = { acknowledge_minutes: 30, resolve_minutes: 240 };

interface Used {
  /** Of the process that answers, and of MongoDB. */
  webSeconds: number;
  mongoSeconds: number;
}

interface Samples extends Used {
  ms: number[];
}

interface Measured {
  name: string;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** To the bare route, of the medians. */
  ratio: number;
  /** What one look takes of a core, in milliseconds: unlike the clock's, they do not grow while others have the machine. */
  webCpuMs: number;
  mongoCpuMs: number;
}

/** How soon the console's pages begin to arrive beside a long queue, and what they weigh. */
export const benchConsole: Benchmark = async ({ stack, quick, log }) => {
  const plan = quick ? short : full;
  const barePort = await freePort();
  const [product, bareServer] = await Promise.all([
    stack.startProduct(),
    stack.start('bench/console/bare.js', { PORT: String(barePort) }, 'bare Koa is listening'),
  ]);
  // What is looked at is the API's alone: workflows that begin would only be in the way.
  await product.worker.stop(5_000);
  const client = createEscalationClient(product);
  const bare = createVisitor(`http://127.0.0.1:${barePort}`);
  try {
    log(`console: raising ${plan.total}`);
    await client.makeOrg('many', { ticket: { enabled: false }, sla: { critical } });
    await fill(client, plan.total);
    const [newest] = (await client.list('many', 'limit=1')).data;
    const visitor = createVisitor(product.url, await signIn(product.url, await makeKey(product, 'many')));
    const queuePage = '/escalations';
    const reviewPage = `/escalations/${newest?.id}/review`;
    const views: [string, Visitor, string][] = [
      ['bare Koa', bare, '/'],
      ['the queue', visitor, queuePage],
      ['… critical', visitor, `${queuePage}?severity=critical`],
      ['… open', visitor, `${queuePage}?status=open`],
      ['… low and open (rare)', visitor, `${queuePage}?severity=low&status=open`],
      ['… a word of all', visitor, `${queuePage}?q=${wordOfAll}`],
      ['… a word of one', visitor, `${queuePage}?q=${wordOfOne(Math.floor(plan.total / 2))}`],
      ['… the beginning of a word', visitor, `${queuePage}?q=${beginning}`],
      ['a review', visitor, reviewPage],
    ];
    log('console: warming up');
    for (const [, who, path] of views) for (let i = 0; i < plan.warmUps; i++) await who.firstByteMs(path);
    const found = views.map((): Samples => ({ ms: [], webSeconds: 0, mongoSeconds: 0 }));
    for (let round = 0; round < plan.rounds; round++) {
      log(`console: round ${round + 1} of ${plan.rounds}`);
      for (const [index, [, who, path]] of views.entries()) {
        const samples = found[index];
        const web = who === bare ? bareServer.pid : product.api.pid;
        const used = watchCpu({ web, mongo: stack.serverPids.mongo });
        for (let i = 0; i < plan.views; i++) samples?.ms.push(await who.firstByteMs(path));
        const { web: webSeconds = 0, mongo: mongoSeconds = 0 } = used();
        if (samples) Object.assign(samples, sumOf(samples, { webSeconds, mongoSeconds }));
      }
    }
    const weights = { queue: await visitor.weigh(queuePage), review: await visitor.weigh(reviewPage) };
    await visitor.close();
    const measured = views.map(([name], index) => summarise(name, found[index], found[0]));
    return { text: report(measured, weights, plan.total), data: { open: plan.total, pages: measured, weights } };
  } finally {
    await Promise.all([client.close(), bare.close()]);
  }
};

/** By as few calls as it takes: all of them open. */
async function fill(client: EscalationClient, total: number): Promise<void> {
  for (let first = 0; first < total; first += maxEvents) {
    const count = Math.min(maxEvents, total - first);
    const risks = Array.from({ length: count }, (_, index) => riskAt(first + index, total));
    await client.send('many', batchOf(risks, first));
  }
}

async function makeKey({ url, adminKey }: { url: string; adminKey: string }, org: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/orgs/${org}/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Reviewer', permissions: ['review'] }),
  });
  return ((await answer.json()) as { key: string }).key;
}

const sumOf = (one: Used, other: Used): Used => ({
  webSeconds: one.webSeconds + other.webSeconds,
  mongoSeconds: one.mongoSeconds + other.mongoSeconds,
});

function summarise(name: string, samples: Samples | undefined, bare: Samples | undefined): Measured {
  const { ms, webSeconds, mongoSeconds } = samples ?? { ms: [], webSeconds: NaN, mongoSeconds: NaN };
  const at = (share: number) => quantile(ms, share);
  const each = (seconds: number) => (seconds * 1_000) / ms.length;
  return {
    ...{ name, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), ratio: at(0.5) / quantile(bare?.ms ?? [], 0.5) },
    ...{ webCpuMs: each(webSeconds), mongoCpuMs: each(mongoSeconds) },
  };
}

function report(measured: readonly Measured[], weights: Record<string, Weight>, total: number): string {
  const times = measured.map(({ name, p50Ms, p95Ms, p99Ms, ratio, webCpuMs, mongoCpuMs }) => [
    name,
    ...[p50Ms, p95Ms, p99Ms].map((value) => value.toFixed(1)),
    ...[ratio, webCpuMs, mongoCpuMs].map((value) => value.toFixed(1)),
  ]);
  const kilobytes = (bytes: number) => (bytes / 1_000).toFixed(1);
  const bytes = Object.entries(weights).map(([name, { html, htmlPacked, assets, assetsPacked }]) => [
    name,
    ...[html, htmlPacked, assets, assetsPacked, html + assetsPacked].map(kilobytes),
  ]);
  return [
    `First byte beside ${total} open escalations, one reader, one page at a time.`,
    table(['', 'p50 ms', 'p95 ms', 'p99 ms', '× bare', 'cpu ms', 'MongoDB’s'], times),
    'Weight in kB: pages go out as they are, what they load goes out packed and is kept by the browser.',
    table(['', 'html', 'packed', 'assets', 'packed', 'first visit'], bytes),
  ].join('\n\n');
}
