import type { Model } from 'mongoose';
import type { EventDoc } from '../../events/model.js';
import { messageOf, type Message, type SentEvent } from '../pump/body.js';
import type { DeliveryDoc } from './model.js';
import { testMessageOf, type TestEventDoc } from './test-event.js';

/** What a delivery sends; null when its event is past retention. */
export type MessageOfDelivery = (delivery: Pick<DeliveryDoc, 'event_id' | 'trigger'>) => Promise<Message | null>;

const fields = { org_id: 1, type: 1, data: 1, occurred_at: 1 } as const satisfies Partial<Record<keyof SentEvent, 1>>;

export function createMessageOfDelivery({
  events,
  testEvents,
}: {
  events: Model<EventDoc>;
  testEvents: Model<TestEventDoc>;
}): MessageOfDelivery {
  return async ({ event_id, trigger }) => {
    if (trigger === 'test') {
      const event = await testEvents.findById(event_id).lean<TestEventDoc>().exec();
      return event && testMessageOf(event);
    }
    const event = await events.findById(event_id, fields).lean<SentEvent>().exec();
    return event && messageOf(event);
  };
}
