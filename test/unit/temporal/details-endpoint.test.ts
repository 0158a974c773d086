import { describe, expect, it } from 'vitest';
import { defaultTimings } from '../../../src/config/timings.js';
import { endpointStart, endpointTimings } from '../../../workflows/contracts/workflow-starts.js';
import {
  describeDisable,
  describeEndpoint,
  describeRelease,
  describeCheck,
  describeWait,
} from '../../../workflows/endpoint/details.js';
import type { EndpointState } from '../../../workflows/contracts/endpoint.js';

const timings = endpointTimings(defaultTimings);
const input = { orgId: 'acme', endpointId: 'wh_1', timings };
const probing: EndpointState = {
  phase: 'probing',
  failingSince: Date.UTC(2026, 10, 21, 16, 8, 37),
  lastFailureAt: Date.UTC(2026, 10, 21, 16, 20),
  parked: 37,
  probes: 4,
  nextProbeAt: Date.UTC(2026, 10, 21, 16, 30, 59),
  more: false,
};
const textOf = (state: Partial<EndpointState>, isChecking = false) =>
  describeEndpoint(input, { ...probing, ...state }, isChecking);

describe('the details of a sick endpoint’s workflow', () => {
  it.each<[string, Partial<EndpointState>, string[]]>([
    [
      'probed',
      {},
      [
        '### Unhealthy since 2026-11-21 16:08 UTC · 37 parked · probed 4 times',
        '**Next:** a probe at 2026-11-21 16:30 UTC, with the oldest delivery.',
        'Without a success by 2026-11-26 16:08 UTC, it is disabled.',
      ],
    ],
    ['probed once', { probes: 1, parked: 10_000 }, ['10000 or more parked · probed once']],
    [
      'sick for nobody knows how long',
      { failingSince: null, nextProbeAt: null },
      ['### Unhealthy · 37', '**Next:** a probe,'],
    ],
    [
      'released',
      { phase: 'releasing' },
      ['### It answers again · 37 still parked', 'parked deliveries are sent in order'],
    ],
    ['healthy', { phase: 'healthy' }, ['### Healthy', 'nothing is parked; the workflow ends.']],
    ['disabled', { phase: 'disabled' }, ['### Disabled', 'no delivery is waiting; the workflow ends.']],
    ['being settled', { phase: 'disabled', more: true }, ['parked deliveries are settled in steps.']],
    ['deleted', { phase: 'deleted' }, ['### Deleted']],
  ])('say of one that is %s where it stands, and what is next', (_name, state, parts) => {
    const text = textOf(state);
    for (const part of [...parts, 'endpoint `wh_1`', 'org `acme`']) expect(text).toContain(part);
    expect(text.length).toBeLessThan(400);
  });

  it('say before the first look, and during each, where its tries are to be seen', () => {
    const first = describeEndpoint(input, undefined, true);
    for (const part of ['`wh_1`', '`acme`', 'Pending Activities']) expect(first).toContain(part);
    expect(textOf({}, true)).toContain('Pending Activities');
  });

  it('show of a hostile org only what is harmless', () => {
    const orgId = '`](javascript:alert(1))\n# A heading **of theirs** <img src=x>';
    const text = describeEndpoint({ ...input, orgId }, probing, false);
    expect(text.split('\n')).toHaveLength(textOf({}).split('\n').length);
    expect(text.match(/`/g)).toHaveLength(4);
    expect(text).not.toMatch(/[<>[\]()!]/);
  });

  it('say beside each step what it does', () => {
    expect(describeCheck(undefined)).toBe('check the endpoint, and probe it when a probe is due');
    expect(describeCheck(probing)).toBe('probe 5, when it is due; 37 parked');
    expect(describeCheck({ ...probing, phase: 'healthy' })).toBe('healthy: check whether anything has changed');
    expect(describeRelease(probing, 100)).toBe('release 100 of 37 parked, the oldest first');
    expect(describeDisable(probing)).toBe('disable it: no delivery succeeded since 2026-11-21 16:08 UTC');
    expect(describeWait(probing)).toBe('until probe 5, or until a wake-up');
  });
});

it('the workflow of a sick endpoint is started with ids and durations only', () => {
  const start = endpointStart({ _id: 'wh_1', org_id: 'acme' }, timings, defaultTimings);
  expect(start).toMatchObject({
    workflowId: 'endpoint/acme/wh_1',
    args: [{ orgId: 'acme', endpointId: 'wh_1', timings }],
    staticSummary: 'Unhealthy webhook endpoint wh_1',
  });
  expect(start.typedSearchAttributes.map(({ key, value }) => [key.name, value])).toEqual([
    ['OrgId', 'acme'],
    ['Subject', 'wh_1'],
    ['LifecycleStatus', 'probing'],
  ]);
  expect(timings).toEqual({
    probeDelaysMs: [30_000, 60_000, 120_000, 300_000, 600_000],
    releaseSteps: [100, 500, 1_000, 2_000, 5_000],
    stepMs: 60_000,
    lateMs: 3_000,
    disableAfterMs: 432_000_000,
  });
});
