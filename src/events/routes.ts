import { parseJsonBody } from '../http/json.js';
import { defineRoute, type Route } from '../http/route.js';
import { orgParams } from '../http/schema.js';
import { validate } from '../http/validation.js';
import { ingestBody, ingestedSchema, mostEvents, schemaFor } from './schema.js';
import type { Ingest } from './service.js';

const maxBodyBytes = 8 * 1024 * 1024;

export function eventRoutes({ ingest }: { ingest: Ingest }): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/orgs/{org}/events',
      tag: 'Events',
      summary: 'Send events, one or many',
      description: `Up to ${mostEvents} in one call, all or nothing; the body may have 8 MiB. An \`event.created\` that a policy matches raises an escalation. What is known already is \`duplicate\`, with the first one’s id.`,
      access: 'ingest',
      params: orgParams,
      // Parsed here: only its fields say which of two shapes it is to be judged by.
      body: 'raw',
      bodyDoc: ingestBody,
      maxBodyBytes,
      responses: { 202: { description: 'Stored, in the order sent.', schema: ingestedSchema } },
      handler: async ({ params, rawBody, header, newId }) => {
        const body = parseJsonBody(rawBody, header('content-type'));
        const { events } = validate(schemaFor(body), body);
        return { status: 202, body: { events: await ingest(params.org, events, newId) } };
      },
    }),
  ];
}
