import { parseJsonBody } from '../http/json.js';
import { example } from '../http/example-values.js';
import { answer, defineRoute, type Route } from '../http/route.js';
import { orgParams } from '../http/schema.js';
import { validate } from '../http/validation.js';
import { ingestBody, ingestedSchema, ingestExamples, maxEvents, schemaFor } from './schema.js';
import type { Ingest } from './service.js';

const maxBodyBytes = 8 * 1024 * 1024;

export function eventRoutes({ ingest }: { ingest: Ingest }): Route[] {
  return [
    defineRoute({
      id: 'ingestEvents',
      method: 'post',
      path: '/orgs/{org}/events',
      audit: { none: 'events are records themselves, and come by the thousand' },
      tag: 'Events',
      summary: 'Ingest events',
      description: `One event, or up to ${maxEvents} in one call, of which all are stored or none. The body may have 8 MiB. Every event is delivered to the webhooks that want its type; an \`event.created\` that a policy matches raises an escalation. An event that is known already is marked \`duplicate\`.`,
      access: 'ingest',
      params: orgParams,
      // Parsed here: only its fields say which of two shapes it is to be judged by.
      body: 'raw',
      bodyDoc: ingestBody,
      bodyExamples: ingestExamples,
      maxBodyBytes,
      responses: {
        202: answer('The events are stored.', ingestedSchema, {
          events: [{ id: example.event, source_id: 'decision-4711', duplicate: false }],
        }),
      },
      errors: [],
      handler: async ({ params, rawBody, header, newId }) => {
        const body = parseJsonBody(rawBody, header('content-type'));
        const { events } = validate(schemaFor(body), body);
        return { status: 202, body: { events: await ingest(params.org, events, newId) } };
      },
    }),
  ];
}
