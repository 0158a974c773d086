import { connectMongo } from '../../../src/db/connect.js';
import { newEscalation } from '../../../src/escalations/new-escalation.js';
import { termsOf, type Routing } from '../../../src/escalations/routing/routing.js';
import { createEscalationStore } from '../../../src/escalations/store.js';
import { newId } from '../../../src/lib/ids.js';
import type { Severity } from '../../../src/lib/severity.js';
import { createModels } from '../../../src/models.js';
import { eventually } from '../eventually.js';
import { testTimings } from '../timings.js';

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
    const { commands, links } = createModels(connection).tickets;
    const notifications = connection.collection('notifications');
    // One after the other, as one leads to the other: what a count misses is in one behind it.
    const countDue = async () => ({
      events: await connection.collection('events').countDocuments({ due: true }),
      escalations: await countUnapplied(connection),
      notifications: await notifications.countDocuments({ status: 'pending' }),
      commands: await commands.countDocuments({ status: 'pending' }),
      creates: await links.countDocuments({ live: true, create_status: 'pending' }),
      // A link is updated after its command.
      links: await links.countDocuments({ live: true, sync_state: 'pending' }),
    });
    await eventually(countDue, (due) => Object.values(due).every((count) => count === 0), withinMs);
    return Date.now() - startedAt;
  });
}

/** Waits until all deliveries of these events have succeeded, and that is on record. */
export async function untilSettled(mongodbUri: string, eventIds: readonly string[], withinMs = 20_000): Promise<void> {
  await connected(mongodbUri, async (connection) => {
    const filter = { event_id: { $in: [...eventIds] }, status: { $ne: 'succeeded' } };
    const countOpen = () => connection.collection('deliveries').countDocuments(filter);
    await eventually(countOpen, (count) => count === 0, withinMs);
  });
}

async function countUnapplied(connection: Connection): Promise<number> {
  const fields = { projection: { applied_seq: 1, last_seq: 1 } };
  const all = await connection.collection('escalations').find({}, fields).toArray();
  return all.filter(({ applied_seq, last_seq }) => applied_seq !== last_seq).length;
}

/** The events of ours about each escalation of an org, by its id, in the order in which they were stored. */
export async function ownEventsOf(mongodbUri: string, orgId: string): Promise<Record<string, string[]>> {
  return connected(mongodbUri, async (connection) => {
    const filter = { org_id: orgId, type: { $in: ['escalation.created', 'escalation.resolved'] } };
    const found = await connection.collection('events').find(filter).sort({ created_at: 1 }).toArray();
    const types: Record<string, string[]> = {};
    for (const { type, data } of found) {
      const { id } = JSON.parse(String(data)) as { id: string };
      (types[id] ??= []).push(String(type));
    }
    return types;
  });
}

/** An escalation as if it had been raised then: the dispatcher finds it as it would have been found. @returns its id */
export async function raisedEarlier(
  mongodbUri: string,
  {
    orgId,
    routing,
    title,
    severity,
    at,
  }: { orgId: string; routing: Routing; title: string; severity: Severity; at: Date },
): Promise<string> {
  const nothing = { reason: null, gateway: null, actor: null, context: null, policy: null, event_id: null };
  const raised = { ...nothing, kind: 'review', source_id: null, source: null, review_url: null } as const;
  const terms = termsOf(routing, severity, at);
  return connected(mongodbUri, async (connection) => {
    const store = createEscalationStore(createModels(connection).escalations, testTimings);
    const made = newEscalation({ id: newId('esc'), orgId, raised: { ...raised, title, severity }, terms, at });
    return (await store.insert(made)).escalation._id;
  });
}

/** The mock tracker's own records of an org. */
export async function mockTicketsOf(
  mongodbUri: string,
  orgId: string,
): Promise<{ externalId: string; linkId: string; state: string }[]> {
  return connected(mongodbUri, async (connection) => {
    const found = await createModels(connection).mock.tickets.find({ org_id: orgId }).sort({ number: 1 }).lean();
    return found.map(({ _id, number, state }) => ({ externalId: `mock-TCK-${number}`, linkId: _id, state }));
  });
}
