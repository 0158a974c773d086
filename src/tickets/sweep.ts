import type { Timings } from '../config/index.js';
import { trusted } from '../db/schema-options.js';
import { startLoop } from '../lib/loop.js';
import type { Logger } from '../observability/logger.js';
import type { TicketSignaler } from '../temporal/ticket-signaler.js';
import type { LinkDoc } from './links/model.js';
import type { TicketStore } from './store.js';

export interface SweepDeps {
  store: TicketStore;
  signaler: Pick<TicketSignaler, 'wake'>;
  logger: Logger;
  timings: Pick<Timings, 'sweep'>;
}

const maxRound = 500;

/** Wakes workflows for what a crash or an outage left behind. @returns how many links it woke */
export async function sweepTickets({
  store,
  signaler,
  timings: { sweep },
}: Omit<SweepDeps, 'logger'>): Promise<number> {
  const now = new Date();
  const round = { now, leaseUntil: new Date(now.getTime() + sweep.leaseMs) };
  const acceptedBefore = new Date(now.getTime() - sweep.graceMs);
  const wokenLinks = [
    ...(await leaseDueLinks(store, round)),
    ...(await leaseLinksOfDueCommands(store, acceptedBefore, round)),
  ];
  for (const link of wokenLinks) signaler.wake(link, { interrupt: !link.live });
  return wokenLinks.length;
}

interface Round {
  now: Date;
  leaseUntil: Date;
}

/** Links that say themselves that something is due. Two sweeps at once never get the same one. */
async function leaseDueLinks(store: TicketStore, { now, leaseUntil }: Round): Promise<LinkDoc[]> {
  const leased: LinkDoc[] = [];
  while (leased.length < maxRound) {
    const link = await store.links
      .findOneAndUpdate(
        { ring_after: trusted({ $lte: now }) },
        { $set: { ring_after: leaseUntil } },
        { sort: { ring_after: 1 } },
      )
      .lean<LinkDoc | null>();
    if (!link) break;
    leased.push(link);
  }
  return leased;
}

/** Links with a command that nobody has applied, and that do not wait for their next try. */
async function leaseLinksOfDueCommands(
  store: TicketStore,
  acceptedBefore: Date,
  { now, leaseUntil }: Round,
): Promise<LinkDoc[]> {
  const due = await store.commands
    .find({ status: 'pending', created_at: trusted({ $lt: acceptedBefore }) }, { link_id: 1 })
    .sort({ created_at: 1 })
    .limit(maxRound * 4)
    .lean();
  const leased: LinkDoc[] = [];
  for (const linkId of new Set(due.map((command) => command.link_id))) {
    if (leased.length >= maxRound) break;
    const link = await store.links
      .findOneAndUpdate(
        { _id: linkId, $or: [{ ring_after: null }, { ring_after: trusted({ $lte: now }) }] },
        { $set: { ring_after: leaseUntil } },
      )
      .lean<LinkDoc | null>();
    if (link) leased.push(link);
  }
  return leased;
}

/** Sweeps every few seconds. @returns a function that stops it, after the round that is under way */
export function startTicketSweep(deps: SweepDeps): () => Promise<void> {
  return startLoop({
    everyMs: deps.timings.sweep.everyMs,
    round: async () => {
      const woken = await sweepTickets(deps);
      if (woken > 0) deps.logger.info({ woken }, 'The sweep woke tickets with something due');
      return undefined;
    },
    onFailure: (err) => deps.logger.warn({ err }, 'A sweep failed; the next one tries again'),
  });
}
