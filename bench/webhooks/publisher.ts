import { Pool } from 'undici';
import { bodyOf } from './event.js';

/** Where events go, and what comes of them. */
export interface Address {
  path: string;
  headers: Record<string, string>;
  /** How many of its endpoints will take each event. */
  deliveries: number;
}

/** What one call came to. */
export interface Sent {
  ids: string[];
  deliveries: number;
}

/** Sends events to one of those that are measured, over connections that stay. */
export interface Publisher {
  /** @returns when they are accepted @throws Error when they are not */
  send: (events: number) => Promise<Sent>;
  /** Of the processes that do the work, by what they are called. */
  pids: Record<string, number>;
  close: () => Promise<void>;
}

/** More than are ever called at once. */
const connections = 512;

/** @param inTurn each call goes to the next of these */
export function createPublisher({
  url,
  addresses,
  pids,
  close,
}: {
  url: string;
  addresses: readonly Address[];
  pids: Record<string, number>;
  close?: () => Promise<void>;
}): Publisher {
  const pool = new Pool(url, { connections });
  let next = 0;
  return {
    pids,
    async send(events) {
      const address = addresses[next++ % addresses.length];
      if (!address) throw new Error('There is nobody to send to.');
      const response = await pool.request({
        method: 'POST',
        path: address.path,
        headers: { ...address.headers, 'content-type': 'application/json' },
        body: bodyOf(events),
      });
      const text = await response.body.text();
      if (response.statusCode !== 202) throw new Error(`Events were answered ${response.statusCode}: ${text}`);
      const accepted = JSON.parse(text) as { events: { id: string }[] };
      return { ids: accepted.events.map(({ id }) => id), deliveries: events * address.deliveries };
    },
    async close() {
      await pool.close();
      await close?.();
    },
  };
}
