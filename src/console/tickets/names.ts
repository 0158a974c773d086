import type { ProviderName } from '../../integrations/port.js';

/** What a tracker is called where it stands by itself: in a table, beside a comment. */
export const trackerNames: Record<ProviderName, string> = {
  mock: 'Mock',
  webhook: 'Tracker',
  jira: 'Jira',
  servicenow: 'ServiceNow',
};

/** The same within a sentence. */
export const trackerInWords: Record<ProviderName, string> = {
  ...trackerNames,
  mock: 'the mock',
  webhook: 'the tracker',
};

/** At the beginning of one. */
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
