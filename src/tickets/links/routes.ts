import { type Route, defineRoute } from '../../http/route.js';
import { orgItemParams as params } from '../../http/schema.js';
import type { SubjectType } from '../subject.js';
import type { LinkPresenter } from './presenter.js';
import { linkSchema } from './schema.js';
import type { LinkService } from './service.js';

/** The ticket calls under one kind of subject. @param base such as `/orgs/{org}/evidence-requests/{id}` */
export function linkRoutes(base: string, type: SubjectType, links: LinkService, present: LinkPresenter): Route[] {
  const tag = 'Ticket Sync';
  return [
    defineRoute({
      method: 'post',
      path: `${base}/ticket`,
      tag,
      summary: 'Open a ticket',
      description:
        'Title and text come from the subject. 409 `ticket_exists` when it is linked, unless the tracker refused it: then it is tried again. 502 `provider_error` in the words of the tracker. 503 `provider_not_configured` names the missing keys.',
      access: 'configure',
      params,
      responses: {
        201: { description: 'The tracker has the ticket.', schema: linkSchema },
        202: {
          description: 'Accepted; the tracker has not answered yet (`sync_state` is `pending`).',
          schema: linkSchema,
        },
      },
      handler: async ({ params: { org, id }, newId }) => {
        const link = await links.create(org, { type, id }, newId('tkt'));
        return { status: link.external_id === null ? 202 : 201, body: present(link) };
      },
    }),
    defineRoute({
      method: 'get',
      path: `${base}/ticket`,
      tag,
      summary: 'The ticket',
      access: 'read',
      params,
      responses: { 200: { description: 'The link.', schema: linkSchema } },
      handler: async ({ params: { org, id } }) => ({
        status: 200,
        body: present(await links.requireLive(org, { type, id })),
      }),
    }),
    defineRoute({
      method: 'post',
      path: `${base}/ticket/close`,
      tag,
      summary: 'Close the ticket',
      description:
        'Again is the same. On a link in `error` it tries again. 502 `provider_error` when the tracker refuses.',
      access: 'configure',
      params,
      responses: {
        200: {
          description: 'Closed; `sync_state` is `pending` while the tracker has not heard of it.',
          schema: linkSchema,
        },
      },
      handler: async ({ params: { org, id } }) => ({
        status: 200,
        body: present(await links.close(org, { type, id })),
      }),
    }),
    defineRoute({
      method: 'delete',
      path: `${base}/ticket`,
      tag,
      summary: 'Unlink the ticket',
      description:
        "The tracker's ticket is left alone. While it is pending, what may still be made is unlinked as well.",
      access: 'configure',
      params,
      responses: { 204: { description: 'Unlinked.' } },
      handler: async ({ params: { org, id } }) => {
        await links.unlink(org, { type, id });
        return { status: 204 };
      },
    }),
  ];
}
