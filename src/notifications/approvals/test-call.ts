import { randomUUID } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { notFound, tooManyRequests } from '../../http/problem.js';
import { consume } from '../../http/rate-limit.js';
import { NotificationError } from '../port.js';
import type { createSendTo } from './notifier.js';
import type { ApprovalStore } from './store.js';

export interface ChannelTest {
  ok: boolean;
  status: number | null;
  detail: string;
}

/** @throws Problem 404 for an unknown channel, 429 past ten a minute; whatever the channel says is a result */
export type TestChannel = (orgId: string, channelId: string) => Promise<ChannelTest>;

interface Dependencies {
  store: ApprovalStore;
  sendTo: ReturnType<typeof createSendTo>;
  /** Where the test notification leads to. */
  publicUrl: string;
  perMinute?: number;
}

/** Nobody waits longer for an answer. The client has a deadline of its own, for each post. */
const patienceMs = 20_000;

/** Sends a test notification, to a disabled channel too: one tries before one enables. */
export function createTestChannel({ store, sendTo, publicUrl, perMinute = 10 }: Dependencies): TestChannel {
  // Each API process counts for itself.
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (orgId, channelId) => {
    const channel = await store.channel(orgId, channelId);
    if (!channel) throw notFound('channel');
    const { result, exceeded } = await consume(limiter, channelId);
    const waitSeconds = Math.max(1, Math.ceil(result.msBeforeNext / 1000));
    if (exceeded) throw tooManyRequests(waitSeconds, `A channel takes ${perMinute} tests a minute.`);
    const about = {
      key: `test-${randomUUID()}`,
      moment: 'test',
      orgId,
      occurredAt: new Date(),
      url: publicUrl,
    } as const;
    try {
      const { status } = await sendTo(channel, about, AbortSignal.timeout(patienceMs));
      return { ok: true, status, detail: 'The channel took the test notification.' };
    } catch (error) {
      if (!(error instanceof NotificationError)) throw error;
      return { ok: false, status: error.status, detail: error.message };
    }
  };
}
