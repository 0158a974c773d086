import { z } from 'zod';
import type { ZodOpenApiPathItemObject } from 'zod-openapi';
import type { Tag } from './tags.js';

/** A request that Drawbridge sends to someone else, for the document's `webhooks`. */
export interface OutgoingWebhook {
  /** The operation's id, such as `receiveExportCompleted`. */
  id: string;
  tag: Tag;
  summary: string;
  /** In Markdown. */
  description: string;
  headers: Record<string, z.ZodType>;
  payload: z.ZodType;
  example: unknown;
  /** What the receiver may answer, by status, and what Drawbridge makes of it. */
  answers: Record<string, OutgoingAnswer>;
}

export interface OutgoingAnswer {
  description: string;
  content?: { schema: z.ZodType; example: unknown };
}

/** Outgoing webhooks by their name in the document. */
export type OutgoingWebhooks = Record<string, OutgoingWebhook>;

/** One of them as the document shows it. */
export function toWebhook(webhook: OutgoingWebhook): ZodOpenApiPathItemObject {
  const { id, tag, summary, description, headers, payload, example, answers } = webhook;
  return {
    post: {
      operationId: id,
      tags: [tag],
      summary,
      description,
      // The signature authorises the request; the headers describe it.
      security: [],
      requestParams: { header: z.object(headers) },
      requestBody: { required: true, content: { 'application/json': { schema: payload, example } } },
      responses: Object.fromEntries(
        Object.entries(answers).map(([status, { description: answerText, content }]) => [
          status,
          { description: answerText, ...(content && { content: { 'application/json': content } }) },
        ]),
      ),
    },
  };
}
