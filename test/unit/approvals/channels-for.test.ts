import { describe, expect, it } from 'vitest';
import { channelsFor } from '../../../src/notifications/approvals/channels-for.js';
import { severities } from '../../../src/lib/severity.js';

const all = severities.map((min_severity) => ({
  enabled: true,
  moments: ['created', 'budget'] as const,
  min_severity,
}));

describe('the channels that hear of something', () => {
  it.each([
    ['low', 1],
    ['medium', 2],
    ['high', 3],
    ['critical', 4],
  ] as const)('are those whose minimum %s reaches', (severity, count) => {
    const heard = channelsFor(all, { moment: 'created', severity });
    expect(heard.map(({ min_severity }) => min_severity)).toEqual(severities.slice(0, count));
  });

  it('are enabled, and want the moment', () => {
    expect(channelsFor(all, { moment: 'claimed', severity: 'critical' })).toEqual([]);
    const off = all.map((channel) => ({ ...channel, enabled: false }));
    expect(channelsFor(off, { moment: 'created', severity: 'critical' })).toEqual([]);
  });

  it('hear of a budget whatever their minimum is', () => {
    expect(channelsFor(all, { moment: 'budget', severity: null })).toEqual(all);
  });
});
