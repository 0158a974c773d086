import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

interface PollScheduleDoc {
  /** The poll's name. */
  _id: string;
}

export function pollScheduleModel(connection: Connection): Model<PollScheduleDoc> {
  const schema = new Schema<PollScheduleDoc>(
    { _id: { type: String, required: true } },
    { ...schemaOptions, collection: 'poll_schedules' },
  );
  return connection.model<PollScheduleDoc>('PollSchedule', schema);
}

/** Which polls may have a Schedule in Temporal, as far as this deployment has made them. */
export interface Scheduled {
  names: () => Promise<string[]>;
  /** Before one is made: what is on record and wanted no more is deleted there. */
  add: (name: string) => Promise<void>;
  remove: (name: string) => Promise<void>;
}

/**
 * On record in MongoDB, for Temporal's own list of Schedules lags, and a client that dies while the embedded server makes that
 * list can leave its SQLite refusing every statement (`interrupted (9)`) until it is started again.
 */
export function createScheduled(model: Model<PollScheduleDoc>): Scheduled {
  return {
    names: async () => (await model.find().lean()).map(({ _id }) => _id),
    async add(_id) {
      await model.updateOne({ _id }, { $setOnInsert: { _id } }, { upsert: true });
    },
    async remove(_id) {
      await model.deleteOne({ _id });
    },
  };
}
