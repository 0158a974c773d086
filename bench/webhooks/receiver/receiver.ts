import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import type { Running } from '../../../dev/process/child.js';
import { freePort } from '../../../dev/stack/ports.js';
import type { Stack } from '../../stack.js';

/** A message at one of the receiver's paths, for the first time. */
export interface Delivered {
  /** Its `webhook-id`: the event's. */
  id: string;
  /** As `machineMs()` has it. */
  atMs: number;
}

export interface Receiver {
  /** `http://host:port`. Paths that begin with `/failing` are answered 500, `/hanging` never, all others 204 at once. */
  url: string;
  process: Running;
  /**
   * Waits for messages, and forgets them. While events are sent nobody asks: the receiver has nothing else to do.
   * @param count how many there will be, each path of an event by itself
   * @throws Error when nothing has come for a minute
   */
  untilArrived: (count: number) => Promise<Delivered[]>;
}

const pollEveryMs = 10;
const stuckAfterMs = 60_000;

export async function startReceiver(stack: Stack): Promise<Receiver> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = await stack.start('bench/webhooks/receiver/server.js', { PORT: String(port) }, 'is listening');

  async function read(): Promise<string[]> {
    const answer = await request(`${url}/arrivals`);
    const text = await answer.body.text();
    return text === '' ? [] : text.split('\n');
  }

  return {
    url,
    process,
    async untilArrived(count) {
      const deliveries = new Map<string, Delivered>();
      let movedAt = performance.now();
      while (deliveries.size < count) {
        const lines = await read();
        for (const line of lines) {
          const [id = '', path = '', atMs = ''] = line.split(' ');
          const key = `${id} ${path}`;
          if (!deliveries.has(key)) deliveries.set(key, { id, atMs: Number(atMs) });
        }
        if (lines.length > 0) movedAt = performance.now();
        if (performance.now() - movedAt > stuckAfterMs) {
          throw new Error(`${count - deliveries.size} of ${count} deliveries have not come.`);
        }
        await delay(pollEveryMs);
      }
      return [...deliveries.values()];
    },
  };
}
