import { z } from 'zod';
import { idParam } from '../../http/schema.js';
import { defineRoute, textAnswer, type Route, type RouteReply } from '../../http/route.js';
import { numberIn } from './external-id.js';
import type { MockTicketModels } from './model.js';
import { MockTicketStore } from './store.js';

/** The page that `external_url` of a mock ticket leads to. It asks for no key, so it shows a state and nothing else. */
export function mockTicketRoutes(models: MockTicketModels): Route[] {
  const store = new MockTicketStore(models);
  return [
    defineRoute({
      id: 'getMockTicket',
      method: 'get',
      path: '/mock/tickets/{external_id}',
      root: true,
      tag: 'Ticket Sync',
      summary: 'Show a mock ticket',
      description: 'The page of a ticket of the mock tracker. It needs no key, so it shows the state and nothing else.',
      access: 'none',
      params: z.object({ external_id: idParam('ticket in the mock tracker', 'mock-TCK-1').max(255) }),
      responses: {
        200: textAnswer(
          'The page.',
          'text/html',
          '<!doctype html><html lang="en"><h1>This mock ticket is open</h1></html>',
        ),
        404: textAnswer(
          'There is no such ticket.',
          'text/html',
          '<!doctype html><html lang="en"><h1>No such ticket</h1></html>',
        ),
      },
      errors: ['not_found', 'database_unavailable'],
      async handler({ params }) {
        const number = numberIn(params.external_id);
        const state = number === null ? null : await store.stateOf(number);
        return state === null ? page(404, 'No such ticket') : page(200, `This mock ticket is ${state}`);
      },
    }),
  ];
}

/** @param text our own words, in which nothing from outside stands; escaped all the same */
function page(status: number, text: string): RouteReply {
  const escaped = text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    headers: { 'Cache-Control': 'no-store', 'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'" },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped}</title><h1>${escaped}</h1></html>\n`,
  };
}
