import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTicketActivities } from '../../activities/tickets/index.js';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import type { TicketProvider } from '../../src/integrations/port.js';
import {
  anySubject,
  comment,
  inbound,
  openDrains,
  refusal,
  registryOf,
  scriptedTracker,
  type Drains,
} from './harness.js';
import type { DrainResult } from '../../workflows/contracts/ticket.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

/** Activities fail here on purpose: the SDK's word on that belongs into no test's output. */
const activityEnvironment = (info: { attempt?: number } = {}) =>
  new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });

/** What the worker's log got. */
const logged: unknown[][] = [];
const logger = Object.assign(createLogger('silent'), { error: (...entry: unknown[]) => void logged.push(entry) });

/** Runs the activity as a worker would. */
function drainOn(
  provider: TicketProvider,
  linkId: string,
  { environment = activityEnvironment(), store = drains.store } = {},
): Promise<DrainResult> {
  const providers = registryOf({ status: 'ready', provider });
  const subjects = { evidence_request: anySubject(), escalation: anySubject() };
  const activities = createTicketActivities({ store, providers, subjects, logger, timings: defaultTimings });
  return environment.run((input: { linkId: string }) => activities.drainTicket(input), { linkId });
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error as Record<string, unknown>,
  );

describe('the activity of the ticket workflow', () => {
  it('gives ids, states and counters, and nothing else that a history would keep', async () => {
    const link = await drains.link();
    const result = await drainOn(scriptedTracker().provider, link._id);
    expect(result).toEqual({
      appliedSeq: 1,
      held: false,
      more: false,
      lifecycle: 'open',
      provider: 'mock',
      externalId: `T-${link._id}`,
      lastSent: { kind: 'create', at: (await drains.reload(link)).last_synced_at?.getTime() },
    });
  });

  it('says what the tracker took last, by its kind and its time: nothing that was refused, or came from there', async () => {
    const link = await drains.link();
    const tracker = scriptedTracker();
    const lastSent = async () => (await drainOn(tracker.provider, link._id)).lastSent;
    await drains.append(link, comment('sent'));
    const sent = await lastSent();
    expect(sent?.kind).toBe('comment');
    expect(Math.abs(Date.now() - (sent?.at ?? 0))).toBeLessThan(10_000);
    await drains.append(link, inbound({ comment: 'a reply', status: 'submitted' }));
    expect(await lastSent()).toEqual(sent);
    tracker.failWith(refusal());
    await drains.append(link, comment('refused'));
    expect(await lastSent()).toEqual(sent);
    await drains.append(link, { kind: 'close' });
    const closed = await lastSent();
    expect(closed?.kind).toBe('close');
    // Closed already: it is not sent again.
    await drains.append(link, { kind: 'close' });
    expect(await lastSent()).toEqual(closed);
    expect(tracker.calls.map(({ what }) => what)).toEqual(['create', 'comment', 'comment', 'close']);
  });

  it('says nothing of that on a link from before it was kept', async () => {
    const link = await drains.link({ create_status: 'applied', applied_seq: 1, external_id: 'T-old' });
    await drains.store.links.collection.updateOne({ _id: link._id as never }, { $unset: { last_sent: '' } });
    const result = await drainOn(scriptedTracker().provider, link._id);
    expect(result).not.toHaveProperty('lastSent');
    expect(result.lifecycle).toBe('open');
  });

  it('tells of an error that nobody expected its class only, and is tried again', async () => {
    const link = await drains.link();
    const tracker = scriptedTracker();
    const error = new TypeError('canary-secret in /home/somebody');
    tracker.provider.create = () => Promise.reject(error);
    const failure = await failureOf(drainOn(tracker.provider, link._id));
    expect(failure).toMatchObject({ type: 'Unexpected', message: expect.stringContaining('TypeError') as string });
    expect(failure.nonRetryable).not.toBe(true);
    expect(failure.cause).toBeUndefined();
    expect(JSON.stringify(failure) + String(failure.message)).not.toContain('canary');
    // The log is where somebody finds out what it was.
    expect(logged.at(-1)).toEqual([{ err: error, link: link._id, attempt: 1 }, failure.message]);
  });

  it('is tried again after seconds when MongoDB is away, however often the tracker was tried before', async () => {
    const other = await openDrains();
    const link = await other.link();
    await other.close();
    const environment = activityEnvironment({ attempt: 40 });
    const failure = await failureOf(drainOn(scriptedTracker().provider, link._id, { environment, store: other.store }));
    expect(failure).toMatchObject({ type: 'StoreUnavailable', nextRetryDelay: 5_000 });
  });

  it('gives a call up when its worker stops, and leaves the link as it was', async () => {
    const link = await drains.link();
    const tracker = scriptedTracker();
    const environment = activityEnvironment();
    tracker.provider.create = (_draft, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')));
        environment.cancel('WORKER_SHUTDOWN', ActivityCancellationDetails.fromProto({ isWorkerShutdown: true }));
      });
    const failure = await failureOf(drainOn(tracker.provider, link._id, { environment }));
    expect(failure).toMatchObject({ type: 'WorkerStopping', nextRetryDelay: 100 });
    expect(await drains.reload(link)).toEqual(link);
  });

  it('lets a call come to its end when the workflow calls it back, so that its answer is on record', async () => {
    const link = await drains.link();
    const tracker = scriptedTracker();
    const environment = activityEnvironment();
    const create = tracker.provider.create.bind(tracker.provider);
    tracker.provider.create = async (draft, options) => {
      environment.cancel('CANCELLED', ActivityCancellationDetails.fromProto({ isCancelled: true }));
      await expect(environment.context.cancelled).rejects.toBeInstanceOf(CancelledFailure);
      expect(options.signal.aborted).toBe(false);
      return create(draft, options);
    };
    const result = await drainOn(tracker.provider, link._id, { environment });
    expect(result).toMatchObject({ lifecycle: 'open', externalId: `T-${link._id}` });
  });

  it('beats while a call is on its way, with counters only', async () => {
    const link = await drains.link();
    const tracker = scriptedTracker();
    const create = tracker.provider.create.bind(tracker.provider);
    const environment = activityEnvironment();
    const beats: unknown[] = [];
    const beaten = new Promise<void>((resolve) => {
      environment.on('heartbeat', (details: unknown) => {
        beats.push(details);
        resolve();
      });
    });
    tracker.provider.create = async (draft, options) => {
      await beaten;
      return create(draft, options);
    };
    await drainOn(tracker.provider, link._id, { environment });
    // A slow run has more than one heartbeat.
    expect(beats[0]).toBe(1);
    expect(beats).toEqual(beats.map(() => expect.any(Number) as number));
  });
});
