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

/** The collection of the mock tracker. */
export interface MockTicketModels {
  tickets: Model<MockTicketDoc>;
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
// An insert claims its number by it, and the page looks for it.
ticketSchema.index({ number: 1 }, { unique: true });

/** The mock's tickets, in `mock_tickets`. */
export function mockTicketModel(connection: Connection): Model<MockTicketDoc> {
  return connection.model<MockTicketDoc>('MockTicket', ticketSchema);
}

/** As the provider and its page take them. */
export function mockTicketModels(connection: Connection): MockTicketModels {
  return { tickets: mockTicketModel(connection) };
}
