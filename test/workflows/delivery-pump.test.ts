import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startShortHistoryServer } from '../support/histories-server.js';
import { heartbeatTimeoutsOf, msOf } from './heartbeats.js';
import { openPumpWorkflows, type PumpWorkflows } from './pump-harness.js';
import { heldSignal } from '../../workflows/contracts/messages.js';

const since = '2026-01-01T00:00:00.000Z';
/** As an operator reads it. */
const shownSince = 'Since 2026-01-01 00:00 UTC.';

let workflows: PumpWorkflows;
let unwatch: () => Promise<void>;
beforeEach(async () => {
  workflows = await openPumpWorkflows();
  unwatch = workflows.supervisor.watch();
});
afterEach(async () => {
  await unwatch();
  await workflows.close();
});

describe('the workflow of a delivery pump', () => {
  it('begins a new term when one has ended, for ever', async () => {
    const pump = workflows.pump(0);
    for (const posted of [1, 2, 3]) (await pump.term()).answer({ surplus: false, posted });
    expect((await pump.term()).request).toEqual({ pump: 0, lastHolder: 'worker/a' });
    expect((await pump.handle.describe()).status.name).toBe('RUNNING');
  });

  it('tries again at once, without end, whatever a term fails with', async () => {
    const pump = workflows.pump(0);
    for (let attempt = 1; attempt <= 6; attempt++) {
      const term = await pump.term();
      expect(term.attempt).toBe(attempt);
      term.fail(new Error('Broken.'));
    }
    const [scheduled] = (await pump.events()).flatMap(
      ({ activityTaskScheduledEventAttributes: attributes }) => attributes ?? [],
    );
    expect(msOf(scheduled?.heartbeatTimeout)).toBe(6_000);
    expect(msOf(scheduled?.retryPolicy?.initialInterval)).toBe(200);
    expect(scheduled?.retryPolicy).toMatchObject({ maximumAttempts: 0, backoffCoefficient: 1 });
  });

  it('shows who pumps from the moment that a worker says so, and what its last term came to', async () => {
    const pump = workflows.pump(0);
    const first = await pump.term();
    expect(await pump.details()).toContain('Waiting for a worker');
    await pump.handle.signal(heldSignal, { holder: 'worker/b', epoch: 7, since });
    const held = await eventually(
      () => pump.details(),
      (text) => text.includes('worker/b'),
    );
    expect(held).toContain(shownSince);
    first.answer({ surplus: false, holder: 'worker/b', epoch: 7, posted: 1234 });
    await eventually(
      () => pump.details(),
      (text) => text.includes('1234 deliveries tried, epoch 7, as the only pump'),
    );
    expect(await pump.attributes()).toMatchObject({ LifecycleStatus: 'pumping' });
  });

  it('keeps since when a worker has it over its terms, and takes no word that is older', async () => {
    const pump = workflows.pump(0);
    (await pump.term()).answer({ surplus: false, epoch: 5 });
    (await pump.term()).answer({ surplus: false, epoch: 6, since: '2026-01-01T00:01:00.000Z' });
    await pump.term();
    await pump.handle.signal(heldSignal, { holder: 'worker/late', epoch: 4, since });
    const details = await eventually(
      () => pump.details(),
      (text) => text.includes('epoch 6'),
    );
    expect(details).toContain(shownSince);
    expect(details).not.toContain('late');
  });

  it('ends by itself when fewer pumps are wanted', async () => {
    workflows.want(2);
    const pump = workflows.pump(1);
    const term = await pump.term();
    workflows.want(1);
    term.answer({ surplus: true });
    await pump.handle.result();
    expect(await pump.attributes()).toMatchObject({ LifecycleStatus: 'done' });
  });

  it('is started again after an operator has ended it', async () => {
    const pump = workflows.pump(0);
    const term = await pump.term();
    const { runId } = await pump.handle.describe();
    await pump.handle.terminate('An operator');
    await term.cancelled;
    term.obey();
    await eventually(
      async () => (await pump.handle.describe()).runId,
      (now) => now !== runId,
    );
    expect((await pump.term()).request).toEqual({ pump: 0, lastHolder: null });
  });

  it('is left alone by the checks while it runs', async () => {
    const pump = workflows.pump(0);
    await pump.term();
    const { runId, historyLength } = await pump.handle.describe();
    await unwatch();
    // A worker that starts looks once more.
    unwatch = workflows.supervisor.watch();
    await unwatch();
    expect(await pump.handle.describe()).toMatchObject({ runId, historyLength });
  });

  it('lets what is in flight be finished when an operator cancels it', async () => {
    const pump = workflows.pump(0);
    await unwatch();
    const term = await pump.term();
    await pump.handle.cancel();
    await term.cancelled;
    expect((await pump.handle.describe()).status.name).toBe('RUNNING');
    term.obey();
    await expect(pump.handle.result()).rejects.toThrow();
    expect((await pump.handle.describe()).status.name).toBe('CANCELLED');
  });
});

describe('a pump whose history has grown long', () => {
  let short: Awaited<ReturnType<typeof startShortHistoryServer>>;
  let long: PumpWorkflows;
  beforeAll(async () => {
    short = await startShortHistoryServer(40);
    long = await openPumpWorkflows(short.address, { heartbeatTimeoutMs: 5_432 });
  });
  afterAll(async () => {
    await long.close();
    await short.close();
  });

  it('goes over to a new run that knows who pumps, and which heartbeat timeout was asked for', async () => {
    const stop = long.supervisor.watch();
    const pump = long.pump(0);
    const first = await pump.term();
    const { runId } = await pump.handle.describe();
    first.answer();
    while ((await pump.handle.describe()).runId === runId) (await pump.term()).answer({ surplus: false, epoch: 9 });
    expect((await pump.term()).request).toEqual({ pump: 0, lastHolder: 'worker/a' });
    const details = await pump.details();
    expect(details).toContain(shownSince);
    expect(details).toContain('epoch 9');
    expect(await pump.attributes()).toMatchObject({ LifecycleStatus: 'pumping' });
    expect((await heartbeatTimeoutsOf(pump, 'pumpDeliveries'))[0]).toBe(5_432);
    await stop();
  });
});
