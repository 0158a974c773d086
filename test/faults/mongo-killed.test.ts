import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { untilSynced } from '../support/faults/checks.js';
import { untilQuiet } from '../support/faults/records.js';
import { startMortalMongo, type Mortal } from '../support/faults/servers.js';
import { expectHeard, startSpeaking, type Speaker } from '../support/faults/speaker.js';
import * as act from '../support/faults/tickets.js';
import { webhookSecret } from '../support/product.js';
import { type ApiProcess, openProcesses, type Process, type ProductProcesses } from '../support/product-processes.js';
import { timingsEnv } from '../support/timings.js';

let mongo: Mortal;
let tracker: FakeTracker;
let product: ProductProcesses;
let api: ApiProcess;
let worker: Process;
let quiet: act.Subject;
let speakers: Speaker[];

beforeAll(async () => {
  [tracker, mongo] = await Promise.all([startFakeTracker({ secret: webhookSecret }), startMortalMongo()]);
  product = openProcesses({
    mongoUri: mongo.address,
    env: {
      TICKET_WEBHOOK_URL: tracker.url,
      TICKET_PROVIDER: 'webhook',
      TICKET_WAIT_MS: '2000',
      ...timingsEnv({ mongodb: { serverSelectionMs: 2_500 } }),
    },
  });
  [api, worker] = await Promise.all([product.startApi(), product.startWorker()]);
  const org = await makeOrg(api.admin);
  quiet = await act.makeTicket(api, org.path);
  const spoken = await Promise.all([1, 2, 3].map(() => act.makeTicket(api, org.path)));
  speakers = spoken.map((subject) => startSpeaking(subject));
}, 90_000);
afterAll(async () => {
  await product.close();
  await Promise.all([mongo.close(), tracker.close()]);
});

/** Waits until the condition holds for each speaker. */
const untilEach = (isSo: (speaker: Speaker) => boolean) =>
  eventually(
    () => Promise.resolve(speakers.filter(isSo).length),
    (count) => count === speakers.length,
    30_000,
  );

describe('with MongoDB killed while comments are written', () => {
  it('callers get 503, and the process says that it is alive and not ready', async () => {
    await untilEach(({ accepted }) => accepted.length > 1);
    await mongo.kill();
    const startedAt = Date.now();
    const refused = await Promise.all([
      act.postComment(quiet, 'refused'),
      act.reply(quiet, 'refused', 'Refused'),
      act.close(quiet),
      api.admin.get(quiet.path),
    ]);
    process.stdout.write(`MongoDB down: answers within ${Date.now() - startedAt} ms\n`);
    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
    await untilEach(({ answers }) => answers.has(503));
  }, 90_000);

  it('writes are taken again as soon as it is back', async () => {
    const readyAfterMs = await mongo.restart();
    const backAt = Date.now();
    await eventually(
      () => act.postComment(quiet, 'back'),
      ({ status }) => status === 201,
    );
    process.stdout.write(`MongoDB ready after ${readyAfterMs} ms, the first write ${Date.now() - backAt} ms later\n`);
    const before = new Map(speakers.map(({ subject, accepted }) => [subject.id, accepted.length]));
    await untilEach(({ subject, accepted }) => accepted.length > Number(before.get(subject.id)));
    await Promise.all(speakers.map((speaker) => speaker.stop()));
    for (const { answers } of speakers) expect([...answers].sort()).toEqual([201, 503]);
  }, 90_000);

  it('nothing that was acknowledged is lost, and the tracker has all of it once and in order', async () => {
    const startedAt = Date.now();
    await untilQuiet(product.env.MONGODB_URI ?? '');
    process.stdout.write(`All synced ${Date.now() - startedAt} ms later\n`);
    for (const speaker of speakers) {
      expect(speaker.accepted.length).toBeGreaterThan(2);
      await expectHeard(tracker, speaker);
    }
  }, 90_000);

  it('API and worker go on by themselves, in the same processes', async () => {
    await eventually(
      () => act.postComment(quiet, 'life goes on'),
      ({ body }) => body.sync_state === 'synced',
    );
    expect((await act.close(quiet)).body).toMatchObject({ state: 'closed' });
    await untilSynced(quiet);
    for (const one of [api, worker]) expect(() => process.kill(one.pid, 0)).not.toThrow();
    await eventually(
      () => fetch(`${api.url}/readyz`),
      ({ status }) => status === 200,
    );
  });
});
