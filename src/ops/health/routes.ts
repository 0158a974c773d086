import { z } from 'zod';
import type { Timings } from '../../config/index.js';
import { answer, defineRoute, textAnswer, type Route } from '../../http/route.js';
import type { Metrics } from '../../observability/metrics.js';
import { checkMetricsAccess } from './metrics-access.js';
import { createReadiness, type Probe } from './probe.js';

interface Dependencies {
  probes: readonly Probe[];
  metrics: Metrics;
  metricsToken: string | undefined;
  timings: Pick<Timings, 'observability'>;
}

const readinessCheckSchema = z
  .object({
    id: z.string().meta({ description: 'What was checked: `mongodb`, `temporal` or `worker`.' }),
    status: z.enum(['ready', 'unavailable']).meta({ description: 'Whether it is there.' }),
    detail: z.string().meta({ description: 'What was found.' }),
  })
  .meta({ id: 'ReadinessCheck', description: 'One thing that the process needs.' });

const readinessSchema = z
  .object({
    ready: z.boolean().meta({ description: 'Whether everything is there.' }),
    checks: z.array(readinessCheckSchema).meta({ description: 'All checks.' }),
  })
  .meta({ id: 'Readiness', description: 'Whether the process has what it needs.' });

const livenessSchema = z
  .object({ status: z.literal('ok').meta({ description: 'Always `ok`.' }) })
  .meta({ id: 'Liveness', description: 'The process is alive.' });

const readyExample: z.input<typeof readinessSchema> = {
  ready: true,
  checks: [{ id: 'mongodb', status: 'ready', detail: 'MongoDB answers.' }],
};
const unreadyExample: z.input<typeof readinessSchema> = {
  ready: false,
  checks: [{ id: 'worker', status: 'unavailable', detail: 'No worker is polling.' }],
};

export function healthRoutes({ probes, metrics, metricsToken, timings }: Dependencies): Route[] {
  const readiness = createReadiness(probes, timings.observability.readinessTimeoutMs);
  const open = { method: 'get', root: true, tag: 'Operation', access: 'none' } as const;
  return [
    defineRoute({
      ...open,
      id: 'getHealth',
      path: '/healthz',
      summary: 'Get the liveness of the process',
      description: 'For load balancers. It looks at nothing but the process itself.',
      responses: { 200: answer('The process is alive.', livenessSchema, { status: 'ok' }) },
      errors: [],
      handler: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
    }),
    defineRoute({
      ...open,
      id: 'getReadiness',
      path: '/readyz',
      summary: 'Get the readiness of the process',
      description:
        'Checks MongoDB, Temporal and whether a worker is polling. For start-up and alerts: the API accepts writes without Temporal, so load balancers probe `/healthz`.',
      responses: {
        200: answer('Everything is there.', readinessSchema, readyExample),
        503: answer('Something is missing.', readinessSchema, unreadyExample),
      },
      errors: [],
      handler: async () => {
        const found = await readiness();
        return { status: found.ready ? 200 : 503, body: found };
      },
    }),
    defineRoute({
      ...open,
      id: 'getMetrics',
      path: '/metrics',
      summary: 'Get the metrics',
      description:
        'For Prometheus. With `METRICS_TOKEN` set, it is the bearer token; without it, only this machine may ask.',
      responses: {
        200: textAnswer(
          'The metrics in the text format of Prometheus.',
          'text/plain',
          'drawbridge_http_requests_total 42\n',
        ),
      },
      errors: ['unauthorized', 'forbidden'],
      handler: async (request) => {
        checkMetricsAccess(metricsToken, request);
        const { registry } = metrics;
        return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
      },
    }),
  ];
}
