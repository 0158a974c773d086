import type { Models } from '../../models.js';
import { trusted } from '../../db/schema-options.js';
import type { CommandDoc } from '../../tickets/commands/model.js';
import type { LinkDoc } from '../../tickets/links/model.js';
import type { DeliveryDoc } from '../../webhooks/deliveries/model.js';
import { anyDate, bound, countedTo } from './reading.js';

/** When the oldest command was accepted that no tracker has yet; a ticket that is to be opened is one. */
export async function oldestCommand(models: Models): Promise<Date | null> {
  const [command, link] = await Promise.all([
    models.tickets.commands
      .findOne({ status: 'pending', created_at: anyDate() }, { created_at: 1 }, bound)
      .sort({ created_at: 1 })
      .lean<Pick<CommandDoc, 'created_at'> | null>(),
    models.tickets.links
      .findOne({ live: true, sync_state: 'pending', create_status: 'pending' }, { created_at: 1 }, bound)
      .sort({ created_at: 1 })
      .lean<Pick<LinkDoc, 'created_at'> | null>(),
  ]);
  const times = [command, link].flatMap((found) => (found ? [found.created_at.getTime()] : []));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** Since when the oldest delivery has been due that no pump has. What is settled or parked has no time. */
export async function oldestDelivery(models: Models, now: Date): Promise<Date | null> {
  const due = trusted({ $gt: new Date(0), $lte: now });
  const found = await models.deliveries
    .findOne({ next_attempt_at: due }, { next_attempt_at: 1 }, bound)
    .sort({ next_attempt_at: 1 })
    .lean<Pick<DeliveryDoc, 'next_attempt_at'> | null>();
  return found?.next_attempt_at ?? null;
}

/** How many notifications wait, and since when the oldest does. Settled ones have no `ring_after`. */
export async function readNotifications(models: Models): Promise<{ pending: number; oldest: Date | null }> {
  const [found] = await models.notifications
    .aggregate<{ pending: number; oldest: Date | null }>([
      { $match: { ring_after: { $gt: new Date(0) } } },
      { $limit: countedTo },
      { $group: { _id: null, pending: { $sum: 1 }, oldest: { $min: '$created_at' } } },
    ])
    .option(bound);
  return found ?? { pending: 0, oldest: null };
}
