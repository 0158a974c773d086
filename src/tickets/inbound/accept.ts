import { trusted } from '../../db/schema-options.js';
import { appendCommand } from '../commands/append.js';
import type { InboundResult } from '../commands/model.js';
import type { TicketSignaler } from '../../temporal/ticket-signaler.js';
import { isApplied } from '../links/is-applied.js';
import type { LinkDoc } from '../links/model.js';
import type { TicketStore } from '../store.js';
import type { InboundWrite } from './from-remote-change.js';

export interface AcceptDeps {
  store: Pick<TicketStore, 'commands' | 'links'>;
  signaler: Pick<TicketSignaler, 'wait'>;
}

/**
 * Takes over what a tracker said of a ticket: it is in MongoDB before anything else happens. Each write is looked at, even
 * when the first was known: a call that died between two of them is sent again.
 * @returns what it changed, or `queued` when it will be applied later
 */
export async function acceptWrites(
  { store: { commands, links }, signaler }: AcceptDeps,
  link: LinkDoc,
  writes: readonly InboundWrite[],
): Promise<InboundResult | 'queued'> {
  const fresh = [];
  for (const write of writes) {
    const { command, added } = await appendCommand(commands, link, write);
    if (added) fresh.push(command);
  }
  const last = fresh.at(-1);
  if (!last) return { comment: false, status: false };
  await signaler.wait(link, last.seq, () => isApplied(links, link._id, last.seq));
  const ids = fresh.map(({ _id }) => _id);
  const settled = await commands.find({ _id: trusted({ $in: ids }) }).lean();
  const results = settled.map(({ result }) => result);
  if (results.length < ids.length || results.includes(null)) return 'queued';
  const has = (what: keyof InboundResult) => results.some((result) => result?.[what] === true);
  return { comment: has('comment'), status: has('status') };
}
