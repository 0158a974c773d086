import type { Moment } from '../notification.js';
import { severities, type Severity } from '../../lib/severity.js';

/** What a channel wants to hear of. */
export interface Wanted {
  enabled: boolean;
  moments: readonly Moment[];
  min_severity: Severity;
}

/** The channels that hear of this. @param severity null for a budget event, which has none and passes every minimum */
export function channelsFor<C extends Wanted>(
  channels: readonly C[],
  { moment, severity }: { moment: Moment; severity: Severity | null },
): C[] {
  const rank = severity === null ? severities.length : severities.indexOf(severity);
  return channels.filter(
    (channel) =>
      channel.enabled && channel.moments.includes(moment) && severities.indexOf(channel.min_severity) <= rank,
  );
}
