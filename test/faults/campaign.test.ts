import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOrg } from '../support/factories.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { createChance, type Chance } from '../support/faults/chance.js';
import { startFleet, type Fleet } from '../support/faults/fleet.js';
import { expectOnTracker } from '../support/faults/checks.js';
import { expectRaised, startRaising } from '../support/faults/raiser.js';
import { untilQuiet } from '../support/faults/records.js';
import { roundSeeds } from '../support/faults/rounds.js';
import { expectHeard, startSpeaking } from '../support/faults/speaker.js';
import * as act from '../support/faults/tickets.js';
import { webhookSecret } from '../support/product.js';
import { openProcesses, type ProductProcesses } from '../support/product-processes.js';

const seeds = roundSeeds();

let tracker: FakeTracker;
let receiver: FakeReceiver;
let product: ProductProcesses;
let fleet: Fleet;

beforeAll(async () => {
  [tracker, receiver] = await Promise.all([startFakeTracker({ secret: webhookSecret }), startFakeReceiver(null)]);
  // It has stored what it answers a moment later: a worker that is killed in between has lost the answer.
  tracker.always({ kind: 'delay', ms: 100 });
  product = openProcesses({
    env: {
      TICKET_WEBHOOK_URL: tracker.url,
      TICKET_PROVIDER: 'webhook',
      TICKET_WAIT_MS: '1000',
      EGRESS_ALLOW: '127.0.0.0/8',
    },
  });
  fleet = await startFleet(product, 2);
}, 120_000);
afterAll(async () => {
  await product.close();
  await Promise.all([tracker.close(), receiver.close()]);
});

/** An org that escalates what is blocked, and tells the receiver. */
async function makeEscalatingOrg(): Promise<{ id: string; path: string }> {
  const { admin } = fleet.api(0);
  const org = await makeOrg(admin);
  const policies = [{ name: 'Any block', match: { decision: 'block' }, severity: 'high' }];
  const channels = [{ type: 'webhook', name: 'Hook', url: receiver.url, on: ['created', 'claimed'] }];
  const put = [
    await admin.put(`${org.path}/escalation-policies`, { policies }),
    await admin.put(`${org.path}/approvals`, { channels }),
  ];
  expect(put.map(({ status }) => status)).toEqual([200, 200]);
  return org;
}

/** Two kills of each kind, at moments and with pauses of chance; those of one kind one after the other. */
async function kill(chance: Chance): Promise<void> {
  const plan = (['api', 'worker'] as const).map((kind) =>
    [0, 1].map(() => ({
      kind,
      index: chance.between(0, fleet.size - 1),
      atMs: chance.between(200, 2_500),
      pauseMs: chance.between(0, 1_000),
    })),
  );
  const oneByOne = async (kills: (typeof plan)[number]) => {
    for (const { kind, index, atMs, pauseMs } of kills) {
      await delay(atMs);
      await fleet.replace(kind, index, pauseMs);
    }
  };
  await Promise.all(plan.map(oneByOne));
}

/** Opens tickets until told to stop. @returns each with the status it got; null for no answer */
function startOpening(orgPath: string, chance: Chance) {
  const opened: { subject: act.Subject; status: number | null }[] = [];
  const state = { isOver: false };
  const opening = (async () => {
    while (!state.isOver) {
      const api = fleet.api(chance.between(0, 1));
      const subject = await act.makeSubject(api, orgPath).catch(() => null);
      if (subject)
        opened.push({
          subject,
          status: await act.open(subject).then(
            (answer) => answer.status,
            () => null,
          ),
        });
      await delay(200);
    }
  })();
  return async () => {
    state.isOver = true;
    await opening;
    return opened.map(({ subject, status }) => ({ status, subject: { ...subject, api: fleet.api(0) } }));
  };
}

describe('while API and worker processes are killed at random under load', () => {
  it.each(seeds)(
    'everything that is accepted arrives once and in order (seed %i)',
    async (seed) => {
      const chance = createChance(seed);
      const org = await makeEscalatingOrg();
      const spoken = await Promise.all([1, 2, 3, 4].map(() => act.makeTicket(fleet.api(0), org.path)));
      const speakers = spoken.map((subject) =>
        startSpeaking(subject, { pauseMs: 50, apiOf: () => fleet.api(chance.between(0, 1)) }),
      );
      const stopOpening = startOpening(org.path, chance);
      const raiser = startRaising(org.path, () => fleet.api(chance.between(0, 1)));
      await kill(chance);
      await raiser.stop();
      await Promise.all(speakers.map((speaker) => speaker.stop()));
      const opened = await stopOpening();
      const quietAfterMs = await untilQuiet(product.env.MONGODB_URI ?? '');

      // What was killed came back on the same port, and is another process to talk to.
      for (const speaker of speakers) {
        const subject = { ...speaker.subject, api: fleet.api(0) };
        expect(await act.linkOf(subject)).toMatchObject({ sync_state: 'synced' });
        await expectHeard(tracker, { ...speaker, subject });
      }
      for (const { subject, status } of opened) {
        const link = await act.linkOf(subject);
        if (status === 201 || status === 202) expect(link).toMatchObject({ sync_state: 'synced', last_error: null });
        if (link.status !== 404) await expectOnTracker(tracker, subject);
      }
      await expectRaised({ tracker, receiver, api: fleet.api(0), orgPath: org.path }, raiser);
      const accepted = speakers.reduce((sum, speaker) => sum + speaker.accepted.length, 0);
      const unanswered = opened.filter(({ status }) => status === null).length;
      process.stdout.write(
        `Campaign, seed ${seed}: ${accepted} comments, ${opened.length} tickets (${unanswered} without an answer), ${raiser.accepted.size} escalations; quiet after ${quietAfterMs} ms\n`,
      );
      expect(accepted).toBeGreaterThan(20);
      expect(raiser.accepted.size).toBeGreaterThan(3);
    },
    120_000,
  );
});
