import { isDuplicateKey } from '../../src/db/errors.js';
import { ProviderError } from '../../src/lib/provider-errors.js';
import type { CreatedTicket } from '../../src/integrations/port.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { callOptions, draftOf, providerOf, type Try } from './context.js';
import { callProvider, count, refused, reload, sent } from './settle.js';

/** Opens the link's ticket. A refusal holds all later commands until somebody retries. */
export async function applyCreate(run: Try, link: LinkDoc): Promise<LinkDoc> {
  const outcome = await callProvider(run, link, 'ticket', async () =>
    (await providerOf(run, link)).create(draftOf(link), {
      ...callOptions(run, link, link.created_at),
      sentAt: sentAtOf(link),
      sending: () => noteSent(run, link, new Date()),
      refused: () => noteSent(run, link, null),
    }),
  );
  if (!outcome.ok) return refuseCreate(run, link, outcome.error);
  await run.atPoint?.('before_settle', link);
  try {
    return await recordTicket(run, link, outcome.value);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const taken = `The tracker answered with ${outcome.value.externalId}, which already belongs to another link.`;
    return refuseCreate(run, link, new ProviderError('external_id_taken', `external_id_taken: ${taken}`, false));
  }
}

/** A backup may hold a create that is not marked as sent, though it was sent after the backup. */
const restoredMs = 60_000;

/**
 * When the create may have been sent; null when it was not. A create that has waited for long is looked up once,
 * because a look-up costs less than a second ticket.
 */
function sentAtOf({ create_sent_at: sentAt, created_at: acceptedAt }: LinkDoc): Date | null {
  return sentAt ?? (Date.now() - acceptedAt.getTime() > restoredMs ? acceptedAt : null);
}

async function noteSent(run: Try, link: LinkDoc, at: Date | null): Promise<void> {
  await run.store.links.updateOne({ _id: link._id }, { $set: { create_sent_at: at } });
}

async function recordTicket(run: Try, link: LinkDoc, ticket: CreatedTicket): Promise<LinkDoc> {
  const { links } = run.store;
  const recorded = await links
    .findOneAndUpdate(
      { _id: link._id, live: true, create_status: 'pending' },
      {
        $set: {
          ...sent('create', link, new Date()),
          create_status: 'applied',
          applied_seq: 1,
          create_sent_at: null,
          external_id: ticket.externalId,
          external_ref: ticket.externalRef ?? null,
          external_url: ticket.externalUrl,
          external_status: ticket.externalStatus,
          ring_after: null,
        },
      },
      { returnDocument: 'after' },
    )
    .lean<LinkDoc | null>();
  if (recorded) {
    count(run, link, 'create', 'applied', link.created_at);
    return recorded;
  }
  await links.updateOne({ _id: link._id, live: false }, { $set: { late_external_id: ticket.externalId } });
  return reload(run, link);
}

async function refuseCreate(run: Try, link: LinkDoc, error: ProviderError): Promise<LinkDoc> {
  const failed = await run.store.links
    .findOneAndUpdate(
      { _id: link._id, create_status: 'pending' },
      { $set: { ...refused(error, new Date()), create_status: 'failed', ring_after: null } },
      { returnDocument: 'after' },
    )
    .lean<LinkDoc | null>();
  if (failed) count(run, link, 'create', 'failed', link.created_at);
  return failed ?? (await reload(run, link));
}
