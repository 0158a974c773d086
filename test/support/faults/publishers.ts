import { setTimeout as delay } from 'node:timers/promises';
import type { ApiAnswer } from '../http.js';
import type { ApiAccess } from '../product.js';

/** Gateways that publish side by side, each one event after the other, and send again what got no answer. */
export interface Publishers {
  /** The ids of each one's events, in the order in which they were accepted: the first has `n` 0 in its data. */
  readonly accepted: readonly (readonly string[])[];
  /** How many calls got no answer, or one that is none. */
  failures(): number;
  /** When all that was begun is accepted. */
  stop(): Promise<void>;
}

export interface PublishersOptions {
  count: number;
  /** Between two calls of one. */
  pauseMs: number;
  apiOf: () => ApiAccess;
  /** Events of one call, over and over; by default mostly one, then a batch. */
  sizes?: readonly number[];
}

const defaultSizes = [1, 1, 1, 5];
const repeatMs = 100;

export function startPublishers(
  orgPath: string,
  { count, pauseMs, apiOf, sizes = defaultSizes }: PublishersOptions,
): Publishers {
  const accepted: string[][] = Array.from({ length: count }, () => []);
  const state = { isOver: false, failures: 0 };

  /** @throws for an answer that a repetition would not change */
  async function publish(body: object): Promise<ApiAnswer> {
    for (;;) {
      const answer = await apiOf()
        .admin.post(`${orgPath}/events`, body)
        .catch(() => null);
      if (answer?.status === 202) return answer;
      if (answer && answer.status < 500) throw new Error(`Refused: ${answer.status} ${JSON.stringify(answer.body)}`);
      state.failures += 1;
      await delay(repeatMs);
    }
  }

  async function run(ids: string[], publisher: number): Promise<void> {
    for (let call = 0; !state.isOver; call++) {
      const events = Array.from({ length: sizes[call % sizes.length] ?? 1 }, (_, index) => {
        const n = ids.length + index;
        return { type: 'event.created', id: `${publisher}/${n}`, data: { publisher, n } };
      });
      const [only] = events;
      const answer = await publish(events.length === 1 && only ? only : { events });
      ids.push(...(answer.body.events as { id: string }[]).map(({ id }) => id));
      await delay(pauseMs);
    }
  }

  const running = Promise.all(accepted.map(run));
  // Awaited when it is stopped; until then nobody listens.
  running.catch(() => undefined);
  return {
    accepted,
    failures: () => state.failures,
    async stop() {
      state.isOver = true;
      await running;
    },
  };
}
