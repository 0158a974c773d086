import { z } from 'zod';
import type { Timings } from '../../config/index.js';
import { defineRoute, type Route } from '../../http/route.js';
import type { Metrics } from '../../observability/metrics.js';
import { checkMetricsAccess } from './metrics-access.js';
import { createReadiness, type Probe } from './probe.js';

interface Dependencies {
  probes: readonly Probe[];
  metrics: Metrics;
  metricsToken: string | undefined;
  timings: Pick<Timings, 'observability'>;
}

const readinessSchema = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ id: z.string(), status: z.enum(['ready', 'unavailable']), detail: z.string() })),
  })
  .meta({ id: 'Readiness' });

export function healthRoutes({ probes, metrics, metricsToken, timings }: Dependencies): Route[] {
  const readiness = createReadiness(probes, timings.observability.readinessTimeoutMs);
  const open = { method: 'get', root: true, tag: 'Operation', access: 'none' } as const;
  return [
    defineRoute({
      ...open,
      path: '/healthz',
      summary: 'Say that the process is alive; for balancers',
      responses: { 200: { description: 'Alive.', schema: z.object({ status: z.literal('ok') }) } },
      handler: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
    }),
    defineRoute({
      ...open,
      path: '/readyz',
      summary: 'Check what this process needs: MongoDB, Temporal, a polling worker',
      description: 'For start-up and alerts. The API takes writes without Temporal, so balancers ask /healthz.',
      responses: {
        200: { description: 'All are there.', schema: readinessSchema },
        503: { description: 'One is not.', schema: readinessSchema },
      },
      handler: async () => {
        const found = await readiness();
        return { status: found.ready ? 200 : 503, body: found };
      },
    }),
    defineRoute({
      ...open,
      path: '/metrics',
      summary: 'Metrics for Prometheus; with METRICS_TOKEN as the bearer, or from this machine',
      responses: { 200: { description: 'Prometheus text format.' } },
      handler: async (request) => {
        checkMetricsAccess(metricsToken, request);
        const { registry } = metrics;
        return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
      },
    }),
  ];
}
