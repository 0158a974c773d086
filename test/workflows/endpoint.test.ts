import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../dev/stack/ports.js';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { createEndpointSignaler } from '../../src/temporal/endpoint-signaler.js';
import { eventually } from '../support/eventually.js';
import {
  hourMs,
  openEndpointWorkflows,
  releasing,
  settled,
  sick,
  type EndpointUnderTest,
  type EndpointWorkflows,
} from './endpoint-harness.js';

let workflows: EndpointWorkflows;
beforeAll(async () => {
  workflows = await openEndpointWorkflows();
});
afterAll(() => workflows.close());

/** It looks twice before it ends: the second time for what was parked late. */
async function endsAs(endpoint: EndpointUnderTest, phase: 'healthy' | 'disabled' | 'deleted'): Promise<void> {
  (await endpoint.check()).answer(settled(phase));
  await endpoint.handle.result();
  expect(endpoint.given().at(-1)).toMatchObject({ name: 'tend', isLast: true });
}

describe('the workflow of a sick endpoint', () => {
  it('probes when the time has come, again and again, until the endpoint answers', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).answer(sick({ nextProbeAt: Date.now() + 700 }));
    (await endpoint.check()).answer(sick({ probes: 1, nextProbeAt: Date.now() + 600 }));
    (await endpoint.check()).answer(settled('healthy'));
    await endsAs(endpoint, 'healthy');
    const timers = (await endpoint.events()).filter((event) => event.timerStartedEventAttributes);
    expect(timers.map(({ userMetadata }) => Buffer.from(userMetadata?.summary?.data ?? []).toString())).toEqual([
      '"until probe 1, or until a wake-up"',
      '"until probe 2, or until a wake-up"',
      '"for what is parked late"',
    ]);
    expect(endpoint.given()[0]).toEqual({
      name: 'tend',
      orgId: endpoint.orgId,
      endpointId: endpoint.id,
      probeDelaysMs: [1, 2, 3],
      isLast: false,
    });
  });

  it('looks at once when it is woken, and loses no wake-up that comes while it looks', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).answer(sick());
    await endpoint.wake();
    const checked = await endpoint.check();
    await endpoint.wake();
    checked.answer(sick());
    (await endpoint.check()).answer(settled('healthy'));
    await endsAs(endpoint, 'healthy');
  });

  it('releases what is parked in growing steps, one after the other, until none is left', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).answer(releasing(1_500));
    for (const left of [1_400, 900, 400]) (await endpoint.release()).answer(releasing(left));
    (await endpoint.release()).answer(settled('healthy'));
    await endsAs(endpoint, 'healthy');
    const steps = endpoint.given().filter((one) => 'most' in one);
    expect(steps).toMatchObject([{ most: 100, waitMs: 700 }, { most: 500, waitMs: 700 }, { most: 500 }, { most: 500 }]);
  });

  it('releases also what a pump parked late', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).answer(settled('healthy'));
    (await endpoint.check()).answer(releasing(3));
    (await endpoint.release()).answer(settled('healthy'));
    await endsAs(endpoint, 'healthy');
  });

  it('goes back to probing when it falls sick again, and begins with small steps afterwards', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).answer(releasing(900));
    (await endpoint.release()).answer(releasing(800));
    (await endpoint.release()).answer(sick({ nextProbeAt: Date.now() }));
    (await endpoint.check()).answer(releasing(900));
    (await endpoint.release()).answer(settled('healthy'));
    await endsAs(endpoint, 'healthy');
    expect(endpoint.given().filter((one) => 'most' in one)).toMatchObject([
      { most: 100 },
      { most: 500 },
      { most: 100 },
    ]);
  });

  it('disables it when failures span the time that it has, and ends', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    const since = Date.UTC(2026, 0, 1);
    const almost = sick({ failingSince: since, lastFailureAt: since + hourMs - 1, nextProbeAt: Date.now() });
    (await endpoint.check()).answer(almost);
    (await endpoint.check()).answer({ ...almost, lastFailureAt: since + hourMs });
    (await endpoint.disable()).answer(settled('disabled', true));
    (await endpoint.check()).answer(settled('disabled'));
    await endsAs(endpoint, 'disabled');
    expect(await endpoint.attributes()).toMatchObject({ LifecycleStatus: 'disabled' });
    expect(endpoint.given().find((one) => 'afterMs' in one)).toMatchObject({ afterMs: hourMs });
  });

  it('ends when people delete it, after what waits is settled', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).answer(sick());
    await endpoint.wake();
    (await endpoint.check()).answer(settled('deleted', true));
    (await endpoint.check()).answer(settled('deleted'));
    await endsAs(endpoint, 'deleted');
  });

  it('goes on after an outage of MongoDB', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).failFor(10);
    const again = await endpoint.check();
    expect(again.attempt).toBe(2);
    again.answer(settled('healthy'));
    await endsAs(endpoint, 'healthy');
  });

  it('begins anew when it is woken after its end', async () => {
    const endpoint = workflows.endpoint();
    for (let run = 0; run < 2; run++) {
      await endpoint.wake();
      (await endpoint.check()).answer(settled('healthy'));
      await endsAs(endpoint, 'healthy');
    }
    expect(endpoint.untaken()).toBe(0);
  });

  it('is not started, and nobody is troubled, while Temporal is not there', async () => {
    const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const warned: object[] = [];
    const logger = Object.assign(createLogger('silent'), { warn: (entry: object) => void warned.push(entry) });
    const signaler = createEndpointSignaler({
      ...{ client: new Client({ connection }), taskQueue: 'lifecycles', logger },
      timings: defaultTimings,
    });
    expect(await signaler.wake({ _id: 'wh_1', org_id: 'acme' })).toBe(false);
    expect(warned).toMatchObject([{ org: 'acme', endpoint: 'wh_1' }]);
    await connection.close();
  });
});

describe('what an operator sees of a sick endpoint', () => {
  it('is since when it is sick, how much is parked, what is next, and what each step was for', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).answer(sick({ probes: 2 }));
    const details = await eventually(
      () => endpoint.details(),
      (text) => text.includes('700 parked'),
    );
    for (const part of ['Unhealthy since 2026-01-01 00:00 UTC', 'probed 2 times', '**Next:** a probe at', endpoint.id])
      expect(details).toContain(part);
    expect(await endpoint.attributes()).toMatchObject({
      OrgId: endpoint.orgId,
      Subject: endpoint.id,
      LifecycleStatus: 'probing',
    });
    await endpoint.wake();
    (await endpoint.check()).answer(releasing(1_200));
    const release = await endpoint.release();
    await eventually(
      () => workflows.client.workflow.count(`Subject = '${endpoint.id}' AND LifecycleStatus = 'releasing'`),
      ({ count }) => count === 1,
    );
    expect(await endpoint.details()).toContain('It answers again');
    release.answer(settled('healthy'));
    await endsAs(endpoint, 'healthy');
    const [started, ...events] = await endpoint.events();
    expect(Buffer.from(started?.userMetadata?.summary?.data ?? []).toString()).toContain(endpoint.id);
    const summaries = events
      .filter((event) => event.activityTaskScheduledEventAttributes)
      .map(({ userMetadata }) => Buffer.from(userMetadata?.summary?.data ?? []).toString());
    expect(summaries).toEqual([
      '"check the endpoint, and probe it when a probe is due"',
      '"probe 3, when it is due; 700 parked"',
      '"release 100 of 1200 parked, the oldest first"',
      '"healthy: check whether anything has changed"',
    ]);
  });

  it('stays when an operator cancels it, and a wake-up begins anew', async () => {
    const endpoint = workflows.endpoint();
    await endpoint.wake();
    (await endpoint.check()).answer(sick());
    await eventually(
      () => endpoint.details(),
      (text) => text.includes('700 parked'),
    );
    await endpoint.handle.cancel();
    await expect(endpoint.handle.result()).rejects.toThrow();
    await endpoint.wake();
    (await endpoint.check()).answer(settled('healthy'));
    await endsAs(endpoint, 'healthy');
  });
});
