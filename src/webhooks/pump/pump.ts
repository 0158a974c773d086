import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import type { GuardedClient } from '../../http/client/client.js';
import type { EventDoc } from '../../events/model.js';
import type { Logger } from '../../observability/logger.js';
import type { Cipher } from '../../lib/encryption.js';
import type { AttemptDoc, DeliveryDoc } from '../deliveries/model.js';
import type { EndpointDoc } from '../endpoints/model.js';
import type { QueueLimits } from './queue-limits.js';
import type { Outcome, PumpHealth } from './types.js';

export interface PumpDeps {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
  events: Model<EventDoc>;
  endpoints: Model<EndpointDoc>;
  cipher: Pick<Cipher, 'decrypt'>;
  /** Its deadline is that of an attempt; it needs as many connections to one origin as there are posts at once. */
  http: Pick<GuardedClient, 'request'>;
  health: PumpHealth;
  /** Disables an endpoint whose receiver answered 410, unless somebody has changed it since. */
  gone: (endpoint: { id: string; orgId: string; version: number }) => Promise<void>;
  /** Between the tries of a delivery: N delays are N + 1 tries. */
  retryDelaysMs: readonly number[];
  logger: Logger;
  /** Told of each batch of outcomes that was stored. */
  counted?: ((outcomes: readonly Outcome[]) => void) | undefined;
  limits?: Partial<QueueLimits>;
  /** The deadline of `http`, in milliseconds. */
  postMs: number;
  timings: Pick<Timings, 'pump'>;
  /** 0 to 1, for tests. */
  random?: () => number;
}

export interface Term {
  /** Greater than that of any pump before, of whichever partitions. */
  epoch: number;
  partitions: readonly number[];
  /** Whether the lease is still ours, by our own clock: asked before each post. */
  holdsLease: () => boolean;
  /** Ends it within `pump.drainMs`, whatever is in flight. */
  signal: AbortSignal;
  /** Its time is over: it ends as soon as nothing has to be cut off for it. */
  over?: AbortSignal;
  /** Called every `pump.heartbeatEveryMs` for as long as it works. */
  onBeat: (beat: Beat) => void;
}

/** Counters, for a heartbeat. */
export interface Beat {
  /** Posts that were made since the beginning. */
  posted: number;
  inFlight: number;
  /** Claimed, and not yet stored. */
  held: number;
}

export interface Pump {
  /**
   * Delivers what is due until the signal aborts; then finishes what is in flight, within `pump.drainMs`, gives back the
   * rest, and returns. Once its time is over, it begins nothing more with those that take long, and returns in the same
   * way when they have answered, or after twice the deadline of a post. While MongoDB is away it waits.
   */
  run: (term: Term) => Promise<void>;
}
