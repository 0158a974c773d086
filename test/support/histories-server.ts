import { startLocalTemporal, type LocalTemporal } from './local-servers.js';

/** A Temporal of one's own that suggests a new run after a few dozen events instead of four thousand. */
export const startShortHistoryServer = (suggestAfterEvents: number): Promise<LocalTemporal> =>
  startLocalTemporal({ 'limit.historyCount.suggestContinueAsNew': suggestAfterEvents });
