import { trusted } from '../../db/schema-options.js';
import { appendCommand } from '../commands/append.js';
import type { CommandDoc } from '../commands/model.js';
import type { TicketStore } from '../store.js';
import type { LinkDoc } from './model.js';

/**
 * Accepts the closing of a ticket. It neither waits nor wakes the workflow: the caller does, else the sweep.
 * @param link as it was just read
 * @param request the same `commandId` is the same command, however often it is asked for
 * @returns its command; null when nothing is to be done: it is closed, or the tracker is still to be told
 */
export async function requestClose(
  store: TicketStore,
  link: LinkDoc,
  { commandId }: { commandId: string },
): Promise<CommandDoc | null> {
  if (link.state === 'closed' && link.sync_state !== 'error' && (await isClosingKnown(store, link))) return null;
  const { command } = await appendCommand(store.commands, link, { id: commandId, payload: { kind: 'close' } });
  const now = new Date();
  // A command that was known may be of a link that was unlinked since: never stamp another one by it.
  const closing = { _id: command.link_id, live: true };
  const closed = { state: 'closed', closed_at: link.closed_at ?? now, updated_at: now } as const;
  // Only until it is applied: the workflow may have been quicker than this write.
  await store.links.updateOne(
    { ...closing, applied_seq: trusted({ $lt: command.seq }), create_status: trusted({ $ne: 'failed' }) },
    { $set: { ...closed, sync_state: 'pending' } },
  );
  await store.links.updateOne({ ...closing, create_status: 'failed' }, { $set: closed });
  return command;
}

/** Whether the tracker has closed it, or is still to be told. One that was refused is neither. */
async function isClosingKnown({ commands }: TicketStore, link: LinkDoc): Promise<boolean> {
  if (link.close_applied) return true;
  const due = trusted({ $in: ['pending', 'held'] });
  return (await commands.exists({ link_id: link._id, 'payload.kind': 'close', status: due })) !== null;
}
