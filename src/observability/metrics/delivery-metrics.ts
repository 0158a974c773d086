import { Counter, Gauge, type Registry } from 'prom-client';
import { createBatchHistogram } from './batch-histogram.js';

/** Of an outcome of the pump, what is counted. */
export interface CountedOutcome {
  kind: string;
  delivery: { created_at: Date };
  attempt?: { at: Date; durationMs: number };
}

export interface PumpLoad {
  inFlight: number;
  held: number;
}

export interface DeliveryMetrics {
  /** What was stored in one go. */
  stored: (outcomes: readonly CountedOutcome[]) => void;
  /** How a pump is doing; null when its term is over. */
  pumping: (pump: number, load: PumpLoad | null) => void;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];
const lags = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800, 7_200, 86_400];

/** What pumps do. They count by the batch: thousands pass a second. */
export function createDeliveryMetrics(registry: Registry): DeliveryMetrics {
  const registers = [registry];
  const outcomeCounter = new Counter({
    name: 'drawbridge_delivery_outcomes_total',
    help: 'What became of deliveries that were taken up: succeeded, retry, failed, interrupted; untried: parked, cancelled, disabled, put_off.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const duration = createBatchHistogram({
    name: 'drawbridge_delivery_attempt_seconds',
    help: 'How long tries of deliveries took.',
    buckets: seconds,
    registry,
  });
  const lag = createBatchHistogram({
    name: 'drawbridge_delivery_lag_seconds',
    help: 'From the acceptance of an event to the end of the try that delivered it.',
    buckets: lags,
    registry,
  });
  const load = {
    inFlight: new Gauge({
      name: 'drawbridge_pump_in_flight',
      help: 'Posts under way, by pump.',
      labelNames: ['pump'] as const,
      registers,
    }),
    held: new Gauge({
      name: 'drawbridge_pump_held',
      help: 'Deliveries that a pump has claimed and not yet stored.',
      labelNames: ['pump'] as const,
      registers,
    }),
  };

  return {
    stored(outcomes) {
      const kinds = new Map<string, number>();
      for (const { kind, delivery, attempt } of outcomes) {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        if (!attempt) continue;
        duration.observe(attempt.durationMs / 1_000);
        const deliveredAt = attempt.at.getTime() + attempt.durationMs;
        if (kind === 'succeeded') lag.observe((deliveredAt - delivery.created_at.getTime()) / 1_000);
      }
      for (const [outcome, count] of kinds) outcomeCounter.inc({ outcome }, count);
    },
    pumping(pump, now) {
      const labels = { pump: String(pump) };
      if (now) {
        load.inFlight.set(labels, now.inFlight);
        load.held.set(labels, now.held);
      } else {
        load.inFlight.remove(labels);
        load.held.remove(labels);
      }
    },
  };
}
