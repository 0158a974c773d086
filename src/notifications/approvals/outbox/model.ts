import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../../db/schema-options.js';
import { moments, type Moment } from '../../notification.js';
import { channelTypes, type ChannelType } from '../../port.js';

/** `gone`: its channel was removed or disabled before it was sent. */
export const notificationStatuses = ['pending', 'sent', 'gone', 'failed'] as const;
export type NotificationStatus = (typeof notificationStatuses)[number];

/** What one channel is to be told of one moment. Those of one subject and channel are sent in the order of `seq`. */
export interface NotificationDoc {
  /** Subject, seq and channel, for there is one of each. */
  _id: string;
  org_id: string;
  /** `esc_…`, or a budget event's `evt_…`. */
  subject_id: string;
  /** The entry of the escalation's history that it tells of; 1 of a budget event. */
  seq: number;
  channel_id: string;
  channel_type: ChannelType;
  moment: Moment;
  /** The notification as JSON text, with the time of what it tells: a repeated send is the same to the byte. */
  payload: string;
  status: NotificationStatus;
  /** Tries that may heal, so far. */
  tries: number;
  /** In our words. */
  last_error: string | null;
  /** Nobody tries sooner; null: at once. */
  next_try_at: Date | null;
  /** When the dispatcher wakes the workflow, unless the notification is settled by then; null once it is settled. */
  ring_after: Date | null;
  created_at: Date;
  /** Null while it is pending; MongoDB drops it some time after. */
  settled_at: Date | null;
}

const keptSeconds = 30 * 24 * 60 * 60;

const text = { type: String, required: true } as const;

const schema = new Schema<NotificationDoc>(
  {
    _id: text,
    org_id: text,
    subject_id: text,
    seq: { type: Number, required: true },
    channel_id: text,
    channel_type: { ...text, enum: channelTypes },
    moment: { ...text, enum: moments },
    payload: text,
    status: { ...text, enum: notificationStatuses },
    tries: { type: Number, required: true },
    last_error: { type: String, default: null },
    next_try_at: { type: Date, default: null },
    ring_after: { type: Date, default: null },
    created_at: { type: Date, required: true },
    settled_at: { type: Date, default: null },
  },
  { ...schemaOptions, collection: 'notifications' },
);
schema.index({ org_id: 1, subject_id: 1, status: 1, channel_id: 1, seq: 1 }, { name: 'due_in_order' });
schema.index({ ring_after: 1 }, { name: 'by_ring_after' });
schema.index({ settled_at: 1 }, { expireAfterSeconds: keptSeconds, name: 'dropped_when_settled' });

export const notificationModel = (connection: Connection): Model<NotificationDoc> =>
  connection.model<NotificationDoc>('Notification', schema);
