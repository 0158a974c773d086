import { defaultTimings } from '../../src/config/timings.js';
import { createHttpClient, type HttpLimits } from '../../src/integrations/http-call.js';
import { createJiraProvider } from '../../src/integrations/jira/provider.js';
import { jiraLimits, type JiraSettings } from '../../src/integrations/jira/settings.js';
import type { TicketDraft, TicketProvider } from '../../src/integrations/port.js';
import type { TrackerSide } from '../../src/integrations/tracker-side.js';
import { startFakeJira, type FakeJira, type FakeJiraOptions } from '../support/fake-jira.js';
import { draft, options, ref } from './drafts.js';

export interface JiraHarness {
  provider: TicketProvider;
  tracker: TrackerSide;
  jira: FakeJira;
  /** Another provider of the same site. */
  another: (settings?: Partial<JiraSettings>, limits?: Partial<HttpLimits>) => TicketProvider;
  /** Makes a ticket, and says how we name it from then on. */
  open: (overrides?: Partial<TicketDraft>) => Promise<ReturnType<typeof ref>>;
  close: () => Promise<void>;
}

const { lookAfterMs, createAgainAfterMs } = defaultTimings.trackers;
const waits = { lookAfterMs, createAgainAfterMs };

export const signal = new AbortController().signal;

/** The Jira provider, and a site that it talks to. */
export async function openJira(
  fake: FakeJiraOptions = {},
  settings: Partial<JiraSettings> = {},
  limits: Partial<HttpLimits> = {},
): Promise<JiraHarness> {
  const jira = await startFakeJira(fake);
  const providers: TicketProvider[] = [];
  const another: JiraHarness['another'] = (more = {}, otherLimits = limits) => {
    const http = createHttpClient({ ...jiraLimits, ...otherLimits });
    const provider = createJiraProvider({ ...jira.credentials, http, ...waits, ...settings, ...more });
    providers.push(provider);
    return provider;
  };
  const provider = another();
  if (!provider.tracker) throw new Error('The Jira provider has no side of its own.');
  return {
    provider,
    tracker: provider.tracker,
    jira,
    another,
    async open(overrides) {
      const of = draft(overrides);
      const { externalId, externalRef = null } = await provider.create(of, options());
      return ref(of, externalId, externalRef);
    },
    async close() {
      await Promise.all(providers.map(async (one) => one.dispose?.()));
      await jira.close();
    },
  };
}

/** The error of a call that fails; null where it does not. */
export const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );
