import type { Timings } from '../config/index.js';
import { trusted } from '../db/schema-options.js';
import type { Logger } from '../observability/logger.js';
import { wakeDue, type NamedRound } from '../temporal/dispatcher.js';
import type { TicketSignaler } from '../temporal/ticket-signaler.js';
import type { LinkDoc } from './links/model.js';
import type { TicketStore } from './store.js';

export interface DueTicketsDeps {
  store: TicketStore;
  signaler: Pick<TicketSignaler, 'wake'>;
  logger: Logger;
  timings: Pick<Timings, 'dispatch' | 'sweep'>;
}

/** A link with something due. */
interface DueLink {
  id: string;
  /** Whether a command says so: the link itself may not know. */
  hasDueCommand: boolean;
}

const maxRound = 500;

/** The sweep: wakes ticket workflows for what a crash or an outage left behind. Of two sweeps, one gets each link. */
export function dueTickets({ store, signaler, logger, timings }: DueTicketsDeps): NamedRound {
  const { everyMs, leaseMs, graceMs } = timings.sweep;
  const isDue = () => trusted({ $lte: new Date() });

  /** Links that say themselves that something is due, then those with a command that nobody has applied. */
  async function find(max: number): Promise<DueLink[]> {
    const acceptedBefore = trusted({ $lt: new Date(Date.now() - graceMs) });
    const [links, commands] = await Promise.all([
      store.links.find({ ring_after: isDue() }, { _id: 1 }).sort({ ring_after: 1 }).limit(max).lean(),
      store.commands
        .find({ status: 'pending', created_at: acceptedBefore }, { link_id: 1 })
        .sort({ created_at: 1 })
        .limit(max * 4)
        .lean(),
    ]);
    const ofCommands = [...new Set(commands.map(({ link_id }) => link_id))];
    return [
      ...links.map(({ _id: id }) => ({ id, hasDueCommand: false })),
      ...ofCommands.slice(0, max).map((id) => ({ id, hasDueCommand: true })),
    ];
  }

  /** A link that waits for its next try has a time in the future, and is left alone. */
  const lease = ({ id, hasDueCommand }: DueLink) =>
    store.links
      .findOneAndUpdate(
        hasDueCommand
          ? { _id: id, $or: [{ ring_after: null }, { ring_after: isDue() }] }
          : { _id: id, ring_after: isDue() },
        { $set: { ring_after: new Date(Date.now() + leaseMs) } },
      )
      .lean<LinkDoc | null>();

  return {
    name: 'tickets',
    everyMs,
    async round(signal) {
      let woken = 0;
      const wake = (link: LinkDoc) => {
        woken += 1;
        return signaler.wake(link, { interrupt: !link.live });
      };
      const waitMs = await wakeDue({ max: maxRound, find, lease, wake }, timings.dispatch, signal);
      if (woken > 0) logger.info({ woken }, 'The sweep woke tickets with something due');
      // A full round is not followed by another at once: what was woken is to be done first.
      return waitMs === 0 ? everyMs : waitMs;
    },
  };
}
