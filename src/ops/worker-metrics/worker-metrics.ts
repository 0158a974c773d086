import { Registry } from 'prom-client';
import { collectProcessMetrics } from '../../observability/metrics.js';
import { createDeliveryMetrics, type DeliveryMetrics } from '../../observability/metrics/delivery-metrics.js';
import { createLifecycleMetrics, type LifecycleMetrics } from '../../observability/metrics/lifecycle-metrics.js';
import type { Logger } from '../../observability/logger.js';
import { freeLoopbackAddress, readSdkMetrics } from './sdk-metrics.js';
import { serveMetrics } from './server.js';

export interface WorkerMetrics {
  deliveries: DeliveryMetrics;
  lifecycles: LifecycleMetrics;
  /** Where the Temporal SDK is to give its own, on loopback: they are put behind ours. */
  sdkAddress: string;
  close: () => Promise<void>;
}

export interface WorkerMetricsOptions {
  host: string;
  port: number;
  token: string | undefined;
  logger: Logger;
}

/**
 * Serves a worker's metrics, the Temporal SDK's among them, at one address.
 * @throws the listener's error, such as EADDRINUSE
 */
export async function serveWorkerMetrics({ host, port, token, logger }: WorkerMetricsOptions): Promise<WorkerMetrics> {
  const registry = new Registry();
  collectProcessMetrics(registry);
  const metrics = { deliveries: createDeliveryMetrics(registry), lifecycles: createLifecycleMetrics(registry) };
  const sdkAddress = await freeLoopbackAddress();
  const close = await serveMetrics({
    ...{ host, port, token },
    contentType: registry.contentType,
    read: async () => `${await registry.metrics()}\n${await readSdkMetrics(sdkAddress)}`,
  });
  logger.info({ host, port }, 'the worker gives its metrics');
  return { ...metrics, sdkAddress, close };
}
