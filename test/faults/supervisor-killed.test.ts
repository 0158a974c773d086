import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../dev/stack/ports.js';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { apiOf, startDrawbridge, type Drawbridge, type ServiceName } from '../support/faults/drawbridge.js';
import { expectOnTracker, untilSynced } from '../support/faults/checks.js';
import { untilQuiet } from '../support/faults/records.js';
import { expectHeard, startSpeaking } from '../support/faults/speaker.js';
import * as act from '../support/faults/tickets.js';
import { adminKey, webhookSecret, type ApiAccess } from '../support/product.js';
import { timingsEnv } from '../support/timings.js';

const all: ServiceName[] = ['api', 'mongo', 'temporal', 'worker'];
const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-start-'));
const home = path.join(folder, 'home');

let tracker: FakeTracker;
let start: () => Drawbridge;
let running: Drawbridge;
let api: ApiAccess;
let orgPath: string;

beforeAll(async () => {
  tracker = await startFakeTracker({ secret: webhookSecret });
  const port = await freePort();
  const settings = {
    PORT: String(port),
    ADMIN_API_KEY: adminKey,
    RATE_LIMIT_PER_SECOND: '0',
    TICKET_PROVIDER: 'webhook',
    TICKET_WEBHOOK_URL: tracker.url,
    TICKET_WEBHOOK_SECRET: webhookSecret,
    TICKET_WAIT_MS: '1000',
    ...timingsEnv(),
  };
  start = () => startDrawbridge(home, settings);
  running = start();
  api = apiOf(port);
  await running.ready();
  orgPath = (await makeOrg(api.admin)).path;
}, 120_000);
afterAll(async () => {
  running.send('SIGTERM');
  await running.exited;
  await tracker.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}, 60_000);

/** Tickets that the tracker takes its time for. */
async function beginTickets(): Promise<act.Subject[]> {
  tracker.always({ kind: 'delay', ms: 5_000 });
  const subjects = await Promise.all([1, 2, 3].map(() => act.makeSubject(api, orgPath)));
  const opened = await Promise.all(subjects.map(act.open));
  expect(opened.map(({ status }) => status)).toEqual([202, 202, 202]);
  for (const body of ['a', 'b']) await Promise.all(subjects.map((subject) => act.postComment(subject, body)));
  return subjects;
}

async function expectFinished(subjects: act.Subject[]): Promise<void> {
  tracker.always(null);
  await Promise.all(subjects.map((subject) => untilSynced(subject, 60_000)));
  for (const subject of subjects) {
    await expectOnTracker(tracker, subject);
    expect((await act.threadOf(subject)).map(({ body }) => body)).toEqual(['a', 'b']);
  }
}

describe('npm start', () => {
  it('refuses a second start on the same home, and names the first by its pid', async () => {
    const second = start();
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain(`process ${running.pid}`);
    expect(running.alive()).toEqual(all);
  });

  it('killed -9 with tickets under way, is followed by one that ends what was left and finishes them', async () => {
    const subjects = await beginTickets();
    const before = running.facts();
    running.send('SIGKILL');
    await running.exited;
    expect(running.alive(before)).toEqual(all);
    const killedAt = Date.now();
    running = start();
    const after = await running.ready();
    process.stdout.write(`Supervisor killed: ready again after ${Date.now() - killedAt} ms\n`);
    expect(running.alive(before)).toEqual([]);
    expect(running.alive(after)).toEqual(all);
    expect(after.ports).toEqual(before.ports);
    await expectFinished(subjects);
    process.stdout.write(`Supervisor killed: all synced after ${Date.now() - killedAt} ms\n`);
  }, 120_000);

  it('brings back each of the four that is killed -9 under load, and nothing accepted is lost', async () => {
    const subjects = await Promise.all([1, 2].map(() => act.makeTicket(api, orgPath)));
    const speakers = subjects.map((subject) => startSpeaking(subject, { pauseMs: 100 }));
    for (const name of ['worker', 'api', 'temporal', 'mongo'] as const) {
      const { pid } = running.facts().children[name];
      process.kill(pid, 'SIGKILL');
      const killedAt = Date.now();
      await eventually(
        () => Promise.resolve(running.facts().children[name].pid),
        (now) => now !== pid,
        30_000,
      );
      await eventually(
        () =>
          fetch(`${api.url}/readyz`).then(
            ({ status }) => status,
            () => null,
          ),
        (status) => status === 200,
        30_000,
      );
      process.stdout.write(`${name} killed: ready again after ${Date.now() - killedAt} ms\n`);
    }
    await delay(1_000);
    await Promise.all(speakers.map((speaker) => speaker.stop()));
    const { mongo } = running.facts().ports;
    await untilQuiet(`mongodb://127.0.0.1:${mongo}/drawbridge?directConnection=true`);
    expect(running.alive()).toEqual(all);
    for (const speaker of speakers) await expectHeard(tracker, speaker);
  }, 240_000);

  it('leaves no process behind after SIGTERM with tickets under way, and the next start finishes them', async () => {
    const subjects = await beginTickets();
    const before = running.facts();
    const stoppedAt = Date.now();
    running.send('SIGTERM');
    expect(await running.exited).toBe(0);
    process.stdout.write(`SIGTERM: all ended after ${Date.now() - stoppedAt} ms\n`);
    expect(running.alive(before)).toEqual([]);
    expect(running.hasRunFile()).toBe(false);
    running = start();
    await running.ready();
    await expectFinished(subjects);
  }, 120_000);
});
