import { Agent, request } from 'undici';
import type { NotificationHttp } from '../../src/notifications/port.js';

/** A bare client in the place of the guarded one: what the senders make of its errors is what is tested. */
export function openNotificationHttp(timeoutMs = 400): NotificationHttp & { close: () => Promise<void> } {
  const agent = new Agent();
  return {
    async request({ url, method, headers, body, signal }) {
      const deadline = AbortSignal.timeout(timeoutMs);
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
}
