import { signBody } from '../../lib/signature.js';
import { createHttpClient, type HttpAnswer, type HttpClient } from '../http-call.js';
import { failureOf } from '../http-failure.js';
import type { TicketProvider } from '../port.js';
import { createRedactor, secretsOfUrl } from '../redact.js';
import { assertReadable, readAnswer } from './answer.js';
import { encodeEvent, type OutboundEvent } from './payload.js';

export interface WebhookSettings {
  /** Where the events go; http or https. Only scheme and host may be shown, its path is often a credential. */
  url: string;
  /** Signs the bodies; used as UTF-8 bytes. */
  secret: string;
  /** Its deadline covers each call as a whole; 15 s when left out. It is closed with the provider. */
  http?: HttpClient;
}

/**
 * The generic signed webhook (API.md, "Generic webhook, outbound"): each command is a POST, and any 2xx settles it.
 * It cannot look for what may have arrived before: receivers know a repetition by its `id`.
 * @throws TypeError when the URL is none
 */
export function createWebhookProvider({ url, secret, http = createHttpClient() }: WebhookSettings): TicketProvider {
  const target = new URL(url);
  const redact = createRedactor([secret, ...secretsOfUrl(target)]);

  async function post(event: OutboundEvent, signal: AbortSignal): Promise<HttpAnswer> {
    const body = encodeEvent(event);
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'Drawbridge',
      'x-signature': signBody(body, secret),
    };
    const answer = await http.call({ method: 'POST', url: target, headers, body, signal });
    const failure = failureOf(answer, redact);
    if (failure) throw failure;
    return answer;
  }

  return {
    name: 'webhook',
    async create(ticket, { signal }) {
      const { key: id, occurredAt, linkId: externalId } = ticket;
      const answer = await post({ event: 'ticket.create', id, occurredAt, externalId, ticket }, signal);
      assertReadable(answer);
      const reply = readAnswer(answer);
      return { externalId: reply.externalId ?? externalId, externalUrl: reply.externalUrl, externalStatus: null };
    },
    async comment(ticket, comment, { signal }) {
      const { key: id, occurredAt } = comment;
      const event = {
        event: 'ticket.comment',
        id,
        occurredAt,
        externalId: ticket.externalId,
        ticket,
        comment,
      } as const;
      const { externalCommentId } = readAnswer(await post(event, signal));
      return { externalCommentId, echo: null };
    },
    async close(ticket, { key: id, occurredAt, signal }) {
      await post({ event: 'ticket.close', id, occurredAt, externalId: ticket.externalId, ticket }, signal);
      return { externalStatus: null };
    },
    dispose: () => http.close(),
  };
}
