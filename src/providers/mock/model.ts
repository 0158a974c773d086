import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** A ticket of the mock tracker. */
export interface MockTicketDoc {
  /** The draft's key: what makes a repeated create find the first one's ticket. */
  _id: string;
  /** The n of `mock-TCK-n`. */
  number: number;
  org_id: string;
  state: 'open' | 'closed';
  created_at: Date;
}

/** The last number that was given out. It only grows, so a number is never used again. */
export interface MockCounterDoc {
  _id: string;
  value: number;
}

/** The collections of the mock tracker. */
export interface MockTicketModels {
  tickets: Model<MockTicketDoc>;
  counters: Model<MockCounterDoc>;
}

const ticketSchema = new Schema<MockTicketDoc>(
  {
    _id: { type: String, required: true },
    number: { type: Number, required: true },
    org_id: { type: String, required: true },
    state: { type: String, enum: ['open', 'closed'], required: true },
    created_at: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'mock_tickets' },
);
// The page looks for it; and should the counter ever be lost, no number is given out twice.
ticketSchema.index({ number: 1 }, { unique: true });

const counterSchema = new Schema<MockCounterDoc>(
  { _id: { type: String, required: true }, value: { type: Number, required: true } },
  { ...schemaOptions, collection: 'mock_counters' },
);

/** The mock's tickets, in `mock_tickets`. */
export function mockTicketModel(connection: Connection): Model<MockTicketDoc> {
  return connection.model<MockTicketDoc>('MockTicket', ticketSchema);
}

/** The mock's counter, in `mock_counters`: one document, `ticket`. */
export function mockCounterModel(connection: Connection): Model<MockCounterDoc> {
  return connection.model<MockCounterDoc>('MockCounter', counterSchema);
}

/** Both, as the provider and its page take them. */
export function mockTicketModels(connection: Connection): MockTicketModels {
  return { tickets: mockTicketModel(connection), counters: mockCounterModel(connection) };
}
