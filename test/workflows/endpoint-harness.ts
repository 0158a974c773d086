import { randomBytes } from 'node:crypto';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { createEndpointSignaler } from '../../src/temporal/endpoint-signaler.js';
import { endpointWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import { scriptedTries } from './scripted-tries.js';
import { openWorkers, underTest } from './workers.js';
import type { Disabling, EndpointState, Release, EndpointCheck } from '../../workflows/contracts/endpoint.js';

export const hourMs = 3_600_000;
export const timings = {
  probeDelaysMs: [1, 2, 3],
  releaseSteps: [100, 500],
  stepMs: 700,
  lateMs: 100,
  disableAfterMs: hourMs,
};

/** What a look may find: sick, and probed in an hour. */
export const sick = (change: Partial<EndpointState> = {}): EndpointState => ({
  phase: 'probing',
  failingSince: Date.UTC(2026, 0, 1),
  lastFailureAt: Date.UTC(2026, 0, 1) + 60_000,
  parked: 700,
  probes: 0,
  nextProbeAt: Date.now() + hourMs,
  more: false,
  ...change,
});
const well = { failingSince: null, nextProbeAt: null, probes: 0 };
export const releasing = (parked: number): EndpointState => sick({ ...well, phase: 'releasing', parked });
export const settled = (phase: 'healthy' | 'disabled' | 'deleted', more = false): EndpointState =>
  sick({ ...well, phase, parked: 0, more });

export type EndpointWorkflows = Awaited<ReturnType<typeof openEndpointWorkflows>>;
export type EndpointUnderTest = ReturnType<EndpointWorkflows['endpoint']>;

/** The built workflows on a real server, with scripted activities. @param address by default the run's own server */
export async function openEndpointWorkflows(address?: string) {
  const tries = scriptedTries<EndpointState>(sick(), 'StoreUnavailable');
  const inputs: object[] = [];
  const run = (name: string, input: EndpointCheck | Release | Disabling) => {
    inputs.push({ name, ...input });
    return tries.run(`${input.endpointId}/${name}`);
  };
  const activities = {
    tendEndpoint: (input: EndpointCheck) => run('tend', input),
    releaseParked: (input: Release) => run('release', input),
    disableEndpoint: (input: Disabling) => run('disable', input),
  };
  const { client, taskQueue, close } = await openWorkers(activities, address === undefined ? {} : { address });

  return {
    client,
    endpoint(change: Partial<typeof timings> = {}) {
      const suffix = randomBytes(5).toString('hex');
      const [orgId, id] = [`org-${suffix}`, `wh_${suffix}`];
      const logger = createLogger('silent');
      const signaler = createEndpointSignaler({
        ...{ client, taskQueue, logger, timings: defaultTimings },
        treatment: { ...timings, ...change },
      });
      const next = (name: string) => () => tries.next(`${id}/${name}`);
      return underTest(client, endpointWorkflowId(orgId, id), {
        orgId,
        id,
        /** As the dispatcher wakes. */
        async wake(): Promise<void> {
          if (!(await signaler.wake({ _id: id, org_id: orgId }))) throw new Error('Temporal did not accept a wake-up.');
        },
        /** The next try of each activity. */
        check: next('tend'),
        release: next('release'),
        disable: next('disable'),
        /** What the activities were given, in their order. */
        given: () => inputs.filter((input) => 'endpointId' in input && input.endpointId === id),
        untaken: () => ['tend', 'release', 'disable'].reduce((sum, name) => sum + tries.untaken(`${id}/${name}`), 0),
      });
    },
    close: async () => {
      tries.endAll();
      await close();
    },
  };
}
