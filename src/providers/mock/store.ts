import { isDuplicateKey } from '../../db/schema-options.js';
import type { MockTicketDoc, MockTicketModels } from './model.js';

/** What a create needs of its draft. */
export interface NewMockTicket {
  key: string;
  orgId: string;
  occurredAt: Date;
}

/** The mock tracker's own memory: one ticket a key, numbers that are unique in the deployment and never used again. */
export class MockTicketStore {
  constructor(private readonly models: MockTicketModels) {}

  /**
   * Makes the ticket of this key, or finds the one that there is; two writes at most.
   * @param mayExist look first, so that a repetition costs a read and no number
   * @returns the ticket's number
   */
  async create(ticket: NewMockTicket, mayExist: boolean): Promise<number> {
    const known = mayExist ? await this.numberOf(ticket.key) : null;
    if (known !== null) return known;
    const number = await this.nextNumber();
    try {
      const { key, orgId, occurredAt } = ticket;
      await this.models.tickets.insertOne({ _id: key, number, org_id: orgId, state: 'open', created_at: occurredAt });
      return number;
    } catch (error) {
      // Another create of this key was first, and its ticket is the one; this number stays unused.
      const first = isDuplicateKey(error) ? await this.numberOf(ticket.key) : null;
      if (first === null) throw error;
      return first;
    }
  }

  /** @returns whether there is such a ticket; closing it again changes nothing */
  async close(key: string): Promise<boolean> {
    const { matchedCount } = await this.models.tickets.updateOne({ _id: key }, { $set: { state: 'closed' } });
    return matchedCount === 1;
  }

  /** @returns the state of a ticket, null when there is none with this number */
  async stateOf(number: number): Promise<MockTicketDoc['state'] | null> {
    const ticket = await this.models.tickets.findOne({ number }, { state: 1 }).lean();
    return ticket?.state ?? null;
  }

  private async numberOf(key: string): Promise<number | null> {
    const ticket = await this.models.tickets.findById(key, { number: 1 }).lean();
    return ticket?.number ?? null;
  }

  private async nextNumber(): Promise<number> {
    try {
      return await this.increment();
    } catch (error) {
      // The very first two at once may both try to make the counter; it is there now.
      if (!isDuplicateKey(error)) throw error;
      return await this.increment();
    }
  }

  private async increment(): Promise<number> {
    const { value } = await this.models.counters
      .findOneAndUpdate({ _id: 'ticket' }, { $inc: { value: 1 } }, { upsert: true, returnDocument: 'after' })
      .orFail()
      .lean();
    return value;
  }
}
