import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import { newId } from '../../lib/ids.js';
import type { CommandDoc, CommandPayload } from './model.js';

/** More writers than this at one ticket at one moment are not to be expected; each lost race is another's success. */
const maxRaces = 200;

export interface Appended {
  command: CommandDoc;
  /** False when a command with this id or event id was there: nothing was written. */
  added: boolean;
}

/**
 * Accepts a write to a ticket: claims the next `seq` by inserting under it, so that order holds across processes.
 * @param commands the collection
 * @param link whose ticket it is; `created_at` is the place of its create in the thread
 * @param write what to do; the same `id`, or the same `eventId` of one link, is one command
 */
export async function appendCommand(
  commands: Model<CommandDoc>,
  link: { _id: string; org_id: string; created_at: Date },
  write: { payload: CommandPayload; id?: string; eventId?: string | null },
): Promise<Appended> {
  const id = write.id ?? newId('cmd');
  for (let race = 0; race < maxRaces; race++) {
    const last = await commands.findOne({ link_id: link._id }, { seq: 1, at: 1 }).sort({ seq: -1 }).lean();
    const now = new Date();
    const before = last?.at ?? link.created_at;
    const command: CommandDoc = {
      _id: id,
      org_id: link.org_id,
      link_id: link._id,
      seq: (last?.seq ?? 1) + 1,
      at: now > before ? now : before,
      payload: write.payload,
      status: 'pending',
      event_id: write.eventId ?? null,
      result: null,
      error: null,
      link_change: null,
      created_at: now,
      settled_at: null,
    };
    try {
      await commands.create([command]);
      return { command, added: true };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const known = await findExisting(commands, link._id, id, write.eventId ?? null);
      if (known) return { command: known, added: false };
    }
  }
  throw new Error(`The ticket ${link._id} has too many writers at once.`);
}

function findExisting(
  commands: Model<CommandDoc>,
  linkId: string,
  id: string,
  eventId: string | null,
): Promise<CommandDoc | null> {
  const same = eventId === null ? { _id: id } : { $or: [{ _id: id }, { link_id: linkId, event_id: eventId }] };
  return commands.findOne(same).lean<CommandDoc | null>().exec();
}
