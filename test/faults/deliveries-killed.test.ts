import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeOrg } from '../support/factories.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { expectArrived, untilArrived, type Received } from '../support/faults/received.js';
import { createChance, type Chance } from '../support/faults/chance.js';
import {
  mortalParts,
  startMortalProduct,
  type MortalPart,
  type MortalProduct,
} from '../support/faults/mortal-product.js';
import { startPublishers } from '../support/faults/publishers.js';
import { untilSettled } from '../support/faults/records.js';
import { roundSeeds } from '../support/faults/rounds.js';

let mortal: MortalProduct;
const receivers: FakeReceiver[] = [];

beforeAll(async () => {
  mortal = await startMortalProduct({ EGRESS_ALLOW: '127.0.0.0/8' });
}, 120_000);
afterEach(() => Promise.all(receivers.splice(0).map((receiver) => receiver.close())));
afterAll(() => mortal.close());

/** A receiver, and an endpoint that wants all that is published. @param delayMs how long it takes for each */
async function subscribe(orgPath: string, { delayMs = 0, ordered = false }): Promise<FakeReceiver> {
  const receiver = await new FakeReceiver(null, null).up();
  receivers.push(receiver);
  if (delayMs > 0) receiver.misbehave({ kind: 'delay', ms: delayMs }, 20_000);
  const { status, body } = await mortal
    .api()
    .admin.post(`${orgPath}/webhooks`, { url: receiver.url, events: ['event.created'], ordered });
  expect(status).toBe(201);
  receiver.trust(String(body.secret));
  return receiver;
}

/** Each part once, in an order, at moments and with pauses of chance. @returns the order */
async function killEach(chance: Chance): Promise<MortalPart[]> {
  const left = [...mortalParts];
  const killed: MortalPart[] = [];
  while (left.length > 0) {
    const part = chance.of(left);
    left.splice(left.indexOf(part), 1);
    await delay(chance.between(300, 2_500));
    await mortal.replace(part, chance.between(0, 1_000));
    killed.push(part);
  }
  return killed;
}

const summaryOf = (name: string, { events, duplicates, maxGapMs }: Received) =>
  `${name} ${events} delivered, ${duplicates} twice, longest gap ${maxGapMs} ms`;

describe('while worker, API, Temporal and MongoDB are killed under load', () => {
  it.each(roundSeeds())(
    'every event that was accepted arrives at every endpoint, where order is asked for in order (seed %i)',
    async (seed) => {
      const chance = createChance(seed);
      const org = await makeOrg(mortal.api().admin);
      const plain = await subscribe(org.path, {});
      const ordered = await subscribe(org.path, { ordered: true });
      const slow = await subscribe(org.path, { delayMs: 250 });
      const publishers = startPublishers(org.path, { count: 4, pauseMs: 200, apiOf: () => mortal.api() });
      const killed = await killEach(chance);
      await publishers.stop();
      const tookMs = await Promise.all([plain, ordered, slow].map((receiver) => untilArrived(receiver, publishers)));
      await untilSettled(mortal.product.env.MONGODB_URI ?? '', publishers.accepted.flat());

      const received = [
        summaryOf('plain', expectArrived(plain, publishers, false)),
        summaryOf('ordered', expectArrived(ordered, publishers, true)),
        summaryOf('slow', expectArrived(slow, publishers, false)),
      ];
      const accepted = publishers.accepted.flat().length;
      process.stdout.write(
        `Deliveries, seed ${seed}, killed ${killed.join(', ')}: ${accepted} accepted, ${publishers.failures()} calls in vain; ${received.join('; ')}; all there ${tookMs.join(', ')} ms after the last\n`,
      );
      expect(accepted).toBeGreaterThan(100);
    },
    240_000,
  );
});
