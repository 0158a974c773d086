import { invalidSignature, notFound, unprocessable, providerNotConfigured } from '../../http/problem.js';
import { parseJsonBody } from '../../http/json.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../ids.js';
import { verifySignature } from '../../security/signature.js';
import { appendCommand } from '../commands/append.js';
import type { InboundResult } from '../commands/model.js';
import type { Doorbell } from '../doorbell.js';
import { isApplied } from '../links/is-applied.js';
import type { LinkDoc } from '../links/model.js';
import { environmentScope } from '../links/new-link.js';
import type { TicketStore } from '../store.js';
import type { SubjectSources } from '../subject.js';
import { inboundSchema, type InboundEvent } from './schema.js';

export interface InboundServiceDeps {
  store: TicketStore;
  subjects: SubjectSources;
  doorbell: Doorbell;
  secret: string | undefined;
}

export type InboundService = ReturnType<typeof createInboundService>;

/** What trackers say to us through the environment's signed webhook. */
export function createInboundService({ store, subjects, doorbell, secret }: InboundServiceDeps) {
  const { links, commands } = store;

  function checkStatus(event: InboundEvent, link: LinkDoc): void {
    const { statuses } = subjects[link.subject.type];
    if (event.status === undefined || statuses === null || statuses.includes(event.status)) return;
    throw unprocessable([{ path: 'status', message: `must be one of ${statuses.join(', ')}` }]);
  }

  return {
    /** @throws 503 without a secret, 401 unless the signature is that of these very bytes */
    verify(rawBody: Buffer, signature: string | undefined): void {
      if (secret === undefined) {
        throw providerNotConfigured('Inbound ticket webhooks need TICKET_WEBHOOK_SECRET.', ['TICKET_WEBHOOK_SECRET']);
      }
      if (!verifySignature(rawBody, signature, secret)) {
        throw invalidSignature(
          'X-Signature must be `sha256=` and the hex HMAC-SHA256 of the raw body with TICKET_WEBHOOK_SECRET.',
        );
      }
    },

    /**
     * Accepts a verified event: it is in MongoDB before this returns.
     * @returns what it changed, or `queued` when it will be applied later
     * @throws 400, 422 for what it is, 404 for a ticket that is not linked; nothing is changed then
     */
    async receive(rawBody: Buffer): Promise<InboundResult | 'queued'> {
      const event = validate(inboundSchema, parseJsonBody(rawBody, 'application/json'));
      const link = await links
        .findOne({ scope: environmentScope, external_id: event.external_id, live: true })
        .lean<LinkDoc | null>();
      if (!link) throw notFound('ticket: no live link has this `external_id`');
      checkStatus(event, link);
      const { command, added } = await appendCommand(commands, link, {
        eventId: event.event_id ?? null,
        payload: {
          kind: 'inbound',
          comment: event.comment
            ? {
                id: newId('cmt'),
                external_comment_id: event.comment.external_comment_id,
                author: event.comment.author ?? link.provider,
                body: event.comment.body,
              }
            : null,
          status: event.status ?? null,
          occurred_at: event.occurred_at === undefined ? null : new Date(event.occurred_at),
        },
      });
      if (!added) return { comment: false, status: false };
      await doorbell.wait(link, command.seq, () => isApplied(links, link._id, command.seq));
      const settled = await commands.findById(command._id).lean();
      return settled?.result ?? 'queued';
    },
  };
}
