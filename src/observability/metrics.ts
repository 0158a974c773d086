import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Gauges of Node that prom-client names like counters. The ones without `_total` hold the same numbers by type. */
const misnamedGauges = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Metrics of the process and of Node. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of misnamedGauges) registry.removeSingleMetric(name);
}

export interface Metrics {
  /** For metrics of other folders, and for /metrics. Never the global registry: tests run several apps in a process. */
  readonly registry: Registry;
  observeRequest: (request: { method: string; route: string; status: number; seconds: number }) => void;
}

/** The process's own metrics and those of its HTTP requests. Labels have few values: no ids, no paths. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectProcessMetrics(registry);
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by method, route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    observeRequest: ({ method, route, status, seconds }) => duration.observe({ method, route, status }, seconds),
  };
}
