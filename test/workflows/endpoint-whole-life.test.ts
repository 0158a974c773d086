import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEndpointActivities } from '../../activities/endpoints/index.js';
import { defaultTimings } from '../../src/config/timings.js';
import { startDispatcher } from '../../src/temporal/dispatcher.js';
import { dueHealth } from '../../src/webhooks/health/due-health.js';
import { createLogger } from '../../src/observability/logger.js';
import { createEndpointSignaler } from '../../src/temporal/endpoint-signaler.js';
import { endpointWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import type { DeliveryStatus } from '../../src/webhooks/deliveries/model.js';
import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { eventually } from '../support/eventually.js';
import { openHealth, orgId } from '../webhooks/health-harness.js';
import { openWorkers } from './workers.js';

let at: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  at = await open();
});
afterAll(() => at.close());

/** A pump, a dispatcher and a worker, as the product has them, with quick timings. */
async function open() {
  const health = await openHealth();
  const workers = await openWorkers(createEndpointActivities(health.deps));
  const { client, taskQueue } = workers;
  const timings = {
    probeDelaysMs: [300, 300, 500],
    releaseSteps: [5, 20],
    stepMs: 3_000,
    lateMs: 500,
    // Must not happen in the first tests, however slow they are; the test about it sets a short time.
    disableAfterMs: 600_000,
  };
  const logger = createLogger('silent');
  const signaler = createEndpointSignaler({
    ...{ client, taskQueue, logger, timings: defaultTimings },
    treatment: timings,
  });
  const stop = startDispatcher({
    rounds: [dueHealth({ health: health.health, signaler, timings: defaultTimings })],
    logger,
    timings: { dispatch: { ...defaultTimings.dispatch, everyMs: 50 } },
  });
  const process = health.process({ opensAfter: 10, probeDelaysMs: timings.probeDelaysMs });
  const begin = (retryDelaysMs: number[]) =>
    health.start({ epoch: Date.now() }, { cipher: health.cipher, health: process, retryDelaysMs });
  return {
    ...health,
    client,
    process,
    timings,
    begin,
    result: (one: EndpointDoc) => client.workflow.getHandle(endpointWorkflowId(orgId, one._id)).result(),
    statuses: (one: EndpointDoc, isWanted: (found: Map<DeliveryStatus, number>) => boolean, withinMs = 20_000) =>
      eventually(
        async () => {
          const found = new Map<DeliveryStatus, number>();
          for (const { status } of await health.deliveriesOf(one)) found.set(status, (found.get(status) ?? 0) + 1);
          return found;
        },
        isWanted,
        withinMs,
      ),
    close: async () => {
      await stop();
      await workers.close();
      await health.close();
    },
  };
}

/** Refuses everything until it is healed. */
async function startReceiver() {
  const state = { isWell: false, taken: [] as string[] };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (state.isWell) state.taken.push(String(request.headers['webhook-id']));
      response.writeHead(state.isWell ? 204 : 503).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const isPaused = (one: EndpointDoc) =>
  eventually(
    () => Promise.resolve(at.process.isOpen(one._id)),
    (isOpen) => isOpen,
  );

describe('an endpoint that falls sick', () => {
  it('and heals: what came meanwhile was parked, and all of it gets through once; what is retried keeps its schedule', async () => {
    const receiver = await startReceiver();
    const pump = at.begin([600_000]);
    const one = await at.endpoint(receiver.url);
    await at.publish([one], 12);
    await isPaused(one);
    const ids = await at.publish([one], 60);
    await at.statuses(one, (found) => found.get('parked') === 60);
    expect((await at.healthOf(orgId, [one._id])).get(one._id)).toMatchObject({ status: 'paused', pending: 72 });
    receiver.state.isWell = true;
    const found = await at.statuses(one, (all) => all.get('succeeded') === 60);
    expect(found).toEqual(
      new Map<DeliveryStatus, number>([
        ['retrying', 12],
        ['succeeded', 60],
      ]),
    );
    await at.result(one);
    expect([...receiver.state.taken].sort()).toEqual(ids);
    expect(receiver.state.taken[0]).toBe(ids[0]);
    expect((await at.healthOf(orgId, [one._id])).get(one._id)).toMatchObject({ status: 'healthy', pending: 12 });
    expect(await at.found(one)).toMatchObject({ breaker: 'closed', ring_after: null });
    await pump.stop();
    await receiver.close();
  });

  it('and is ordered gets everything in its order, what was tried in vain first', async () => {
    const receiver = await startReceiver();
    const pump = at.begin([...Array.from({ length: 10 }, () => 40), ...Array.from({ length: 50 }, () => 600_000)]);
    const one = await at.endpoint(receiver.url, { ordered: true });
    const ids = await at.publish([one], 1);
    await isPaused(one);
    for (let batch = 0; batch < 3; batch++) ids.push(...(await at.publish([one], 10)));
    await at.statuses(one, (found) => found.get('parked') === 30);
    receiver.state.isWell = true;
    await at.statuses(one, (found) => found.get('succeeded') === 31);
    expect(receiver.state.taken).toEqual(ids);
    await at.result(one);
    await pump.stop();
    await receiver.close();
  });

  it('and never heals is disabled, on record, and nothing waits for it any more', async () => {
    const receiver = await startReceiver();
    const pump = at.begin([600_000]);
    at.timings.disableAfterMs = 6_000;
    const one = await at.endpoint(receiver.url);
    await at.publish([one], 12);
    await isPaused(one);
    await at.publish([one], 5);
    await at.statuses(one, (found) => found.get('failed') === 5, 40_000);
    await at.result(one);
    expect(await at.store.find(one._id)).toMatchObject({ enabled: false, disabled_reason: 'failing' });
    expect(await at.auditOf(one)).toMatchObject([{ action: 'webhook.updated', actor: { id: 'drawbridge' } }]);
    const [probed] = (await at.deliveriesOf(one)).filter(({ status }) => status === 'failed');
    const attempts = await at.attemptsOf(probed?._id ?? '');
    expect(attempts.length).toBeGreaterThan(3);
    expect(attempts.at(-1)).toMatchObject({ error: 'The endpoint was disabled: nothing got through for days.' });
    await pump.stop();
    await receiver.close();
  }, 60_000);

  it('leaves nothing in Temporal but ids, durations and counters', async () => {
    const histories: string[] = [];
    for await (const { workflowId } of at.client.workflow.list({ query: `OrgId = '${orgId}'` })) {
      histories.push(JSON.stringify(await at.client.workflow.getHandle(workflowId).fetchHistory()));
    }
    expect(histories.length).toBeGreaterThanOrEqual(3);
    const decoded = histories
      .join()
      .replace(/"data":"([A-Za-z0-9+/=]+)"/g, (_, data: string) => Buffer.from(data, 'base64').toString());
    expect(decoded).toContain('probeDelaysMs');
    // Numbers such as 503 are also in times and ids.
    expect(/127\.0\.0\.1|http:|whsec_|answered|response|"number"/.exec(decoded)?.[0]).toBeUndefined();
  });
});
