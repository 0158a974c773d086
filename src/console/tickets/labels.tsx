import type { ProviderName } from '../../integrations/port.js';
import type { Link } from '../../tickets/links/schema.js';
import { Badge, type Tone } from '../parts/badge.js';

/** Names of trackers, for tables and badges. */
export const trackerNames: Record<ProviderName, string> = {
  mock: 'Mock',
  webhook: 'Tracker',
  jira: 'Jira',
  servicenow: 'ServiceNow',
};

/** The same, for use within a sentence. */
export const trackerNamesInText: Record<ProviderName, string> = {
  ...trackerNames,
  mock: 'the mock',
  webhook: 'the tracker',
};

export const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const tones: Record<Link['sync_state'], Tone> = { synced: 'good', pending: 'info', error: 'bad' };

export const SyncBadge = ({ of }: { of: Pick<Link, 'sync_state'> }) => (
  <Badge tone={tones[of.sync_state]}>{of.sync_state}</Badge>
);
