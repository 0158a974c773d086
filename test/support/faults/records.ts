import { connectMongo } from '../../../src/db/connect.js';
import { mockTicketModels } from '../../../src/providers/mock/model.js';
import { ticketStore } from '../../../src/tickets/store.js';
import { eventually } from '../eventually.js';

type Connection = Awaited<ReturnType<typeof connectMongo>>;

async function connected<T>(mongodbUri: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectMongo(mongodbUri, { maxPoolSize: 1 });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/**
 * Waits until nothing that was accepted is still to be done, what nobody got an answer for included.
 * @returns how long it took, in ms
 */
export async function untilQuiet(mongodbUri: string, withinMs = 60_000): Promise<number> {
  const startedAt = Date.now();
  return connected(mongodbUri, async (connection) => {
    const { commands, links } = ticketStore(connection);
    const countDue = async () => ({
      commands: await commands.countDocuments({ status: 'pending' }),
      creates: await links.countDocuments({ live: true, create_status: 'pending' }),
    });
    await eventually(countDue, (due) => due.commands + due.creates === 0, withinMs);
    return Date.now() - startedAt;
  });
}

/** The mock tracker's own records of an org. */
export async function mockTicketsOf(
  mongodbUri: string,
  orgId: string,
): Promise<{ externalId: string; linkId: string; state: string }[]> {
  return connected(mongodbUri, async (connection) => {
    const found = await mockTicketModels(connection).tickets.find({ org_id: orgId }).sort({ number: 1 }).lean();
    return found.map(({ _id, number, state }) => ({ externalId: `mock-TCK-${number}`, linkId: _id, state }));
  });
}
