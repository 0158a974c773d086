import { Agent, request } from 'undici';
import type { NotificationHttp } from '../../src/notifications/port.js';

export interface BareHttp extends NotificationHttp {
  /** Applies to new requests. A short one is only for services that never answer: others may be slow on a busy machine. */
  timeoutMs: number;
  close: () => Promise<void>;
}

/** A bare client in the place of the guarded one: what the senders make of its errors is what is tested. */
export function openNotificationHttp(timeoutMs = 10_000): BareHttp {
  const agent = new Agent();
  const client: BareHttp = {
    timeoutMs,
    async request({ url, method, headers, body, signal }) {
      const deadline = AbortSignal.timeout(client.timeoutMs);
      try {
        const both = AbortSignal.any([signal, deadline]);
        const answer = await request(url, { method, headers, body, signal: both, dispatcher: agent });
        const bytes = Buffer.from(await answer.body.arrayBuffer());
        return { status: answer.statusCode, headers: answer.headers, body: bytes };
      } catch (error) {
        if (deadline.aborted) throw Object.assign(new Error(`late: ${url.href}`), { code: 'timeout' });
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
  return client;
}
