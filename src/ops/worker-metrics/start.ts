import type { Config } from '../../config/index.js';
import type { Logger } from '../../observability/logger.js';
import type { WorkerMetrics } from './worker-metrics.js';

/**
 * Serves a worker's metrics, where an address is set.
 * @throws the listener's error, such as EADDRINUSE
 */
export async function startWorkerMetrics(
  { workerMetrics: address, http }: Pick<Config, 'workerMetrics' | 'http'>,
  logger: Logger,
): Promise<WorkerMetrics | undefined> {
  if (!address) return undefined;
  // Loaded here and nowhere else: a worker without metrics has no use for it.
  const { serveWorkerMetrics } = await import('./worker-metrics.js');
  return serveWorkerMetrics({ ...address, token: http.metricsToken, logger });
}
