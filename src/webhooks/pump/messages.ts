import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { EventDoc } from '../../events/model.js';
import { messageOf, type Message, type SentEvent } from './body.js';

export interface Messages {
  /** Loads the messages of these events by id, with one query. Missing events are left out. */
  load: (eventIds: readonly string[]) => Promise<Map<string, Message>>;
  /** How many messages may be loaded at once: fewer when they are large, because they are held in memory. */
  maxAtOnce: () => number;
}

const max = 500;
const fewest = 16;
const maxBytes = 16 * 1024 * 1024;
const fields = { org_id: 1, type: 1, data: 1, occurred_at: 1 } as const;

/** Each event's body is built once for all endpoints of a batch. */
export function createMessages({ events }: { events: Model<EventDoc> }): Messages {
  let averageBytes = 1;

  return {
    async load(eventIds) {
      const messages = new Map<string, Message>();
      if (eventIds.length === 0) return messages;
      const filter = { _id: trusted({ $in: [...new Set(eventIds)] }) };
      const found = await events.find(filter, fields).lean<SentEvent[]>().exec();
      let bytes = 0;
      for (const event of found) {
        const message = messageOf(event);
        bytes += message.body.length;
        messages.set(event._id, message);
      }
      if (found.length > 0) averageBytes = Math.max(1, bytes / found.length);
      return messages;
    },
    maxAtOnce: () => Math.min(max, Math.max(fewest, Math.floor(maxBytes / averageBytes))),
  };
}
