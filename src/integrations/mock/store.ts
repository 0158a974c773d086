import { isDuplicateKey } from '../../db/errors.js';
import type { MockTicketDoc, MockTicketModels } from './model.js';

/** What a create needs of its draft. */
export interface NewMockTicket {
  key: string;
  orgId: string;
  occurredAt: Date;
}

/** The mock tracker's own memory: one ticket a key, numbers that are unique in the deployment and never used again. */
export class MockTicketStore {
  /** The last number that this process gave or met. */
  private last: number | undefined;

  constructor(private readonly models: MockTicketModels) {}

  /**
   * Makes the ticket of this key, or finds the one that there is. The insert itself claims the number, under the unique
   * index: mostly it is one write.
   * @param mayExist look first, so that a repetition costs a read and no number
   * @returns the ticket's number
   */
  async create(ticket: NewMockTicket, mayExist: boolean): Promise<number> {
    const known = mayExist ? await this.numberOf(ticket.key) : null;
    if (known !== null) return known;
    let floor = this.last ?? (await this.highestNumber());
    for (;;) {
      const number = Math.max(this.last ?? 0, floor) + 1;
      this.last = number;
      try {
        const { key, orgId, occurredAt } = ticket;
        await this.models.tickets.insertOne({ _id: key, number, org_id: orgId, state: 'open', created_at: occurredAt });
        return number;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Another create of this key was first, and its ticket is the one; or the number is another process's.
        const first = await this.numberOf(ticket.key);
        if (first !== null) return first;
        floor = await this.highestNumber();
      }
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

  private async highestNumber(): Promise<number> {
    const last = await this.models.tickets.findOne({}, { number: 1 }).sort({ number: -1 }).lean();
    return last?.number ?? 0;
  }
}
