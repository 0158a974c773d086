import type { DeliveryDoc } from '../deliveries/model.js';
import type { Attempt } from './attempt.js';
import type { Message } from './body.js';

/** What the pump reads of a delivery. */
export type DueDelivery = Omit<DeliveryDoc, 'event_type' | 'partition' | 'settled_at'>;

/** A delivery that this pump has claimed, or is claiming, with what it is to send. */
export interface Job {
  delivery: DueDelivery;
  message: Message;
}

/**
 * What becomes of a claimed delivery.
 * - `retry`: tried in vain, and tried again after `delayMs`
 * - `interrupted`: we had to stop before there was an answer; its place in the schedule stays
 * - `failed`: for good; the attempt says why
 * - `disabled`: not tried, and failed for good: its endpoint wants nothing now
 * - `put_off`: not tried, and given back
 */
export type Outcome =
  | { kind: 'succeeded' | 'failed' | 'interrupted'; delivery: DueDelivery; attempt: Attempt }
  | { kind: 'retry'; delivery: DueDelivery; attempt: Attempt; delayMs: number }
  | { kind: 'parked' | 'cancelled' | 'disabled'; delivery: DueDelivery }
  | { kind: 'put_off'; delivery: DueDelivery; until: Date };

/** A try that reached its end, as the health of endpoints counts it. */
export interface TryOutcome {
  endpointId: string;
  orgId: string;
  ok: boolean;
  at: Date;
}

export interface PumpHealth {
  /** Cheap: called for each batch. */
  record: (outcomes: readonly TryOutcome[]) => void;
  /** Whether what was never tried is to be parked. As it is known here, without a question to MongoDB. */
  isOpen: (endpointId: string) => boolean;
}
