import { isDuplicateKey } from '../../src/db/errors.js';
import { derivedId } from '../../src/lib/ids.js';
import type { CommandDoc } from '../../src/tickets/commands/model.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { newLink } from '../../src/tickets/links/new-link.js';
import type { Try } from './context.js';
import type { LinkChange } from './settle.js';

/**
 * Opens another ticket for a subject whose closed ticket was reopened in the tracker. The new link is inserted before
 * the old one is detached, and its id derives from the command, so a crash in between leaves neither none nor a third
 * link. A reader in between finds one of the two. The sweep wakes the new link's workflow at once.
 * @returns the change of the old link: detached, as by unlinking
 */
export async function replaceTicket(run: Try, link: LinkDoc, command: CommandDoc): Promise<LinkChange> {
  const { links } = run.store;
  const now = new Date();
  const id = nextIdOf(command);
  const next = await draftNext(run, link, id);
  try {
    await links.insertMany([next], { lean: true });
  } catch (error) {
    // An interrupted attempt inserted this link, or people have unlinked and linked in the meantime and already have
    // what they want.
    if (!isDuplicateKey(error)) throw error;
  }
  const isWanted = await links.exists({ _id: link._id, live: true });
  if (!isWanted) await links.updateOne({ _id: id, live: true }, { $set: detached(now) });
  return detached(now);
}

/**
 * Whether an interrupted attempt has already opened the new ticket. If so, the old link must be detached whatever its
 * status is by now.
 */
export async function isReplaced(run: Try, command: CommandDoc): Promise<boolean> {
  return (await run.store.links.exists({ _id: nextIdOf(command) })) !== null;
}

const nextIdOf = (command: CommandDoc) => derivedId('tkt', command._id, command.created_at.getTime());

const detached = (now: Date) => ({ live: false, detached_at: now, updated_at: now, ring_after: now });

/** The draft of the subject's current state, for the connection of the old ticket. */
async function draftNext(run: Try, link: LinkDoc, id: string): Promise<LinkDoc> {
  const { org_id: orgId, subject, provider, connection_id: connectionId } = link;
  const draft = (await run.subjects[subject.type].snapshot(orgId, subject.id)) ?? link.draft;
  const follows = `Follows ${link.external_id ?? 'another ticket'}, which was closed and then reopened.`;
  const description = [follows, draft.description].filter(Boolean).join('\n\n');
  const about = { id, orgId, subject, provider, connectionId, draft: { ...draft, description } };
  return { ...newLink({ ...about, sweepAfterMs: 0 }), nth: link.nth + 1 };
}
