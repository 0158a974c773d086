import { createHttpClient, type HttpLimits } from '../../src/integrations/http-call.js';
import type { TicketProvider } from '../../src/integrations/port.js';
import { createWebhookProvider } from '../../src/integrations/webhook/provider.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';

export const secret = 'whsec-canary-5f0c1b "ü"';

export interface WebhookHarness {
  provider: TicketProvider;
  tracker: FakeTracker;
  close(): Promise<void>;
}

/** The webhook provider and a tracker that it posts to. @param suffix put after the tracker's URL */
export async function openWebhook(limits: Partial<HttpLimits> = {}, suffix = ''): Promise<WebhookHarness> {
  const tracker = await startFakeTracker({ secret });
  const provider = createWebhookProvider({ url: tracker.url + suffix, secret, http: createHttpClient(limits) });
  return {
    provider,
    tracker,
    async close() {
      await provider.dispose?.();
      await tracker.close();
    },
  };
}
