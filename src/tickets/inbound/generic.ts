import { notFound, unprocessable } from '../../http/problem.js';
import { parseJsonBody } from '../../http/json.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import type { InboundResult } from '../commands/model.js';
import type { LinkDoc } from '../links/model.js';
import type { TicketStore } from '../store.js';
import type { SubjectSources } from '../subject.js';
import { acceptWrites, type AcceptDeps } from './accept.js';
import { inboundSchema, type InboundEvent } from './schema.js';

export interface GenericInboundDeps extends AcceptDeps {
  store: TicketStore;
  subjects: SubjectSources;
}

/**
 * Accepts a verified event in our own dialect.
 * @param scope whose ids it names: a connection's, or `env`
 * @returns what it changed, or `queued` when it will be applied later
 * @throws 400, 422 for what it is, 404 for a ticket that is not linked; nothing is changed then
 */
export async function receiveGeneric(
  deps: GenericInboundDeps,
  scope: string,
  rawBody: Buffer,
): Promise<InboundResult | 'queued'> {
  const event = validate(inboundSchema, parseJsonBody(rawBody, 'application/json'));
  const link = await deps.store.links
    .findOne({ scope, external_id: event.external_id, live: true })
    .lean<LinkDoc | null>();
  if (!link) throw notFound('ticket: no live link has this `external_id`');
  checkStatus(deps.subjects, event, link);
  const { comment, status, event_id: eventId, occurred_at: occurredAt } = event;
  return acceptWrites(deps, link, [
    {
      eventId: eventId ?? null,
      payload: {
        kind: 'inbound',
        comment: comment
          ? {
              id: newId('cmt'),
              external_comment_id: comment.external_comment_id,
              author: comment.author ?? link.provider,
              body: comment.body,
            }
          : null,
        status: status ?? null,
        occurred_at: occurredAt ?? null,
      },
    },
  ]);
}

function checkStatus(subjects: SubjectSources, event: InboundEvent, link: LinkDoc): void {
  const { statuses } = subjects[link.subject.type];
  if (event.status === undefined || statuses === null || statuses.includes(event.status)) return;
  throw unprocessable([{ path: 'status', message: `must be one of ${statuses.join(', ')}` }]);
}
