import { ProviderError } from '../../src/lib/provider-errors.js';
import { createHttpClient } from '../../src/integrations/http-call.js';
import type { TicketProvider } from '../../src/integrations/port.js';
import { createServiceNowProvider } from '../../src/integrations/servicenow/provider.js';
import type { ServiceNowSettings } from '../../src/integrations/servicenow/settings.js';
import type { TrackerSide } from '../../src/integrations/tracker-side.js';
import { startFakeServiceNow, type FakeServiceNow, type FakeServiceNowOptions } from '../support/fake-servicenow.js';

export const password = 'canary-sn-password';
/** For all that is promised within a deadline. */
const timeoutMs = 1_000;

export interface ServiceNowHarness {
  fake: FakeServiceNow;
  provider: TicketProvider;
  tracker: TrackerSide;
  /** Another provider of the same instance, with other settings. */
  another(settings: Partial<ServiceNowSettings>): TicketProvider;
  close(): Promise<void>;
}

/** The ServiceNow provider and an instance. The waits of a lost create are a hundredth of the real ones. */
export async function openServiceNow(
  settings: Partial<ServiceNowSettings> = {},
  options: FakeServiceNowOptions = {},
): Promise<ServiceNowHarness> {
  const fake = await startFakeServiceNow(options);
  const made: TicketProvider[] = [];
  const another = (further: Partial<ServiceNowSettings>) => {
    const provider = createServiceNowProvider({
      baseUrl: `${fake.url}/`,
      auth: 'basic',
      username: 'integration',
      apiToken: password,
      http: createHttpClient({ timeoutMs, maxBodyBytes: 4 * 1024 * 1024 }),
      lookAfterMs: [10, 20, 40, 80, 150],
      createAgainAfterMs: 300,
      ...settings,
      ...further,
    });
    made.push(provider);
    return provider;
  };
  const provider = another({});
  const { tracker } = provider;
  if (!tracker) throw new Error('ServiceNow has a side of its own.');
  return {
    fake,
    provider,
    tracker,
    another,
    async close() {
      await Promise.all(made.map(async (one) => one.dispose?.()));
      await fake.close();
    },
  };
}

/** What a call fails with. @throws Error when it does not fail so */
export async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await call.then(
    () => new Error('The call did not fail.'),
    (caught: unknown) => caught,
  );
  if (error instanceof ProviderError) return error;
  throw error;
}
