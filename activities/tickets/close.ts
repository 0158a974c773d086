import type { CommandDoc } from '../../src/tickets/commands/model.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { callOptions, providerOf, ticketRef, type Try } from './context.js';
import { callProvider, refused, sent, settle, synced } from './settle.js';

/** Closes the ticket in the tracker. */
export async function applyClose(run: Try, link: LinkDoc, command: CommandDoc, externalId: string): Promise<LinkDoc> {
  const now = new Date();
  const wanted = { state: 'closed', closed_at: link.closed_at ?? command.created_at } as const;
  if (link.close_applied) return settle(run, link, command, { status: 'applied' }, { ...wanted, ...synced(link, now) });
  const outcome = await callProvider(run, link, 'closing', async () =>
    (await providerOf(run, link)).close(ticketRef(link, externalId, command.created_at), {
      ...callOptions(run, link, command.created_at),
      key: command._id,
      occurredAt: command.created_at,
    }),
  );
  if (!outcome.ok) {
    const change = { ...wanted, ...refused(outcome.error, now), close_error: outcome.error.message };
    return settle(run, link, command, { status: 'failed', error: outcome.error.message }, change);
  }
  const closed = { close_applied: true, close_error: null };
  return settle(
    run,
    link,
    command,
    { status: 'applied' },
    {
      ...wanted,
      ...sent('close', { ...link, ...closed }, now),
      ...closed,
      external_status: outcome.value.externalStatus ?? link.external_status,
    },
  );
}
