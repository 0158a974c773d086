import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { expectOnTracker, postsOf, commentsIn, untilSynced } from '../support/faults/checks.js';
import { startMortalTemporal, type Mortal } from '../support/faults/servers.js';
import * as act from '../support/faults/tickets.js';
import { webhookSecret } from '../support/product.js';
import { type ApiProcess, openProcesses, type ProductProcesses } from '../support/product-processes.js';
import { timingsEnv } from '../support/timings.js';

const waitMs = 15_000;
/** Calls that fail take this long, and nobody waits for a workflow for a while afterwards. */
const [callTimeoutMs, distrustMs] = [6_000, 8_000];
/** Less than a failing call to Temporal takes: a faster answer did not wait for one. */
const noWaitMaxMs = 4_000;
/** Noticing the outage takes about two seconds; waiting for a workflow would take `waitMs`. */
const noticeMaxMs = 10_000;

let temporal: Mortal;
let tracker: FakeTracker;
let product: ProductProcesses;
let api: ApiProcess;

beforeAll(async () => {
  [tracker, temporal] = await Promise.all([
    startFakeTracker({ secret: webhookSecret, dedupe: false }),
    startMortalTemporal(),
  ]);
  product = openProcesses({
    temporalAddress: temporal.address,
    env: {
      TICKET_WEBHOOK_URL: tracker.url,
      TICKET_PROVIDER: 'webhook',
      TICKET_WAIT_MS: String(waitMs),
      ...timingsEnv({ temporal: { callTimeoutMs, distrustMs, pingTimeoutMs: 1_000 } }),
    },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
}, 90_000);
afterAll(async () => {
  await product.close();
  await Promise.all([temporal.close(), tracker.close()]);
});

async function timed<T>(call: () => Promise<T>): Promise<{ answer: T; tookMs: number }> {
  const startedAt = Date.now();
  const answer = await call();
  return { answer, tookMs: Date.now() - startedAt };
}

describe('with Temporal killed', () => {
  let closing: act.Subject;
  let answered: act.Subject;
  let long: act.Subject;
  let early: act.Subject;
  let late: act.Subject;
  const rounds = [1, 2, 3, 4, 5];
  const linked = () => [closing, answered, long];
  const everyone = () => [...linked(), early, late];

  beforeAll(async () => {
    const { path } = await makeOrg(api.admin);
    const [ticket, subject] = [() => act.makeTicket(api, path), () => act.makeSubject(api, path)];
    [closing, answered, long, early, late] = await Promise.all([ticket(), ticket(), ticket(), subject(), subject()]);
    await temporal.kill();
  });

  it('the API takes writes, and only the first ones wait to see that it is down', async () => {
    const first = await Promise.all([
      ...linked().map((one) => timed(() => act.postComment(one, 'comment 0'))),
      timed(() => act.open(early)),
    ]);
    process.stdout.write(`Temporal down, first writes: ${first.map(({ tookMs }) => tookMs).join(', ')} ms\n`);
    expect(first.map(({ answer }) => answer.status)).toEqual([201, 201, 201, 202]);
    for (const { answer, tookMs } of first) {
      expect(answer.body.sync_state).toBe('pending');
      expect(tookMs).toBeLessThan(noticeMaxMs);
    }
    const later: number[] = [];
    for (const round of rounds) {
      const comments = await Promise.all(linked().map((one) => timed(() => act.postComment(one, `comment ${round}`))));
      expect(comments.map(({ answer }) => answer.status)).toEqual([201, 201, 201]);
      later.push(...comments.map(({ tookMs }) => tookMs));
    }
    later.push((await timed(() => act.open(late))).tookMs, (await timed(() => act.close(closing))).tookMs);
    process.stdout.write(`Temporal down, later writes: ${later.join(', ')} ms\n`);
    expect(Math.max(...later)).toBeLessThan(noWaitMaxMs);
    const replied = await timed(() => act.reply(answered, 'down', 'While it was down'));
    expect(replied.answer).toMatchObject({ status: 202, body: { applied: 'queued' } });
    expect(replied.tookMs).toBeLessThan(noWaitMaxMs);
  }, 60_000);

  it('nothing of it hangs when the outage goes on for longer', async () => {
    // So long that calls of now fail within it, and what follows from that is over as well.
    const until = Date.now() + callTimeoutMs + distrustMs + 1_000;
    const took: number[] = [];
    while (Date.now() < until) {
      const comments = await timed(() => act.postComment(long, `comment at ${took.length}`));
      expect(comments.answer.status).toBe(201);
      took.push(comments.tookMs);
      await delay(500);
    }
    process.stdout.write(`Temporal down for longer: ${took.join(', ')} ms\n`);
    expect(Math.max(...took)).toBeLessThan(noticeMaxMs);
  }, 60_000);

  it('health tells it apart from being ready', async () => {
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
  });

  it('everything that was accepted arrives after its restart, once and in order', async () => {
    const readyAfterMs = await temporal.restart();
    const startedAt = Date.now();
    await Promise.all(everyone().map((one) => untilSynced(one, 60_000)));
    process.stdout.write(`Temporal ready after ${readyAfterMs} ms, all synced ${Date.now() - startedAt} ms later\n`);
    for (const subject of everyone()) {
      await expectOnTracker(tracker, subject);
      const posts = Object.values(postsOf(tracker, String((await act.linkOf(subject)).id))).flat();
      expect(posts).toEqual(posts.map(() => 1));
    }
    expect(await commentsIn(closing)).toEqual([0, ...rounds].map((round) => `comment ${round}`));
    expect(await act.linkOf(closing)).toMatchObject({ state: 'closed' });
    await eventually(
      async () => (await act.threadOf(answered)).at(-1)?.body,
      (body) => body === 'While it was down',
    );
  }, 90_000);

  it('writes wait for the tracker again as soon as a first wake-up has come through', async () => {
    const startedAt = Date.now();
    await eventually(
      () => act.postComment(answered, 'up again'),
      ({ body }) => body.sync_state === 'synced',
    );
    process.stdout.write(`Temporal up again: a write was synced at once after ${Date.now() - startedAt} ms\n`);
    await eventually(
      () => fetch(`${api.url}/readyz`),
      ({ status }) => status === 200,
    );
  });
});
