import { example } from '../../http/example-values.js';
import type { ErrorCode } from '../../http/error-codes.js';
import { answer, defineRoute, type Route } from '../../http/route.js';
import { itemParams } from '../../http/schema.js';
import { subjectNames, type SubjectType } from '../subject.js';
import type { LinkPresenter } from './presenter.js';
import { linkExample, linkSchema, type Link } from './schema.js';
import type { LinkService } from './service.js';

/** Of a tracker that cannot be called. */
const unready: readonly ErrorCode[] = ['provider_not_configured', 'connection_gone', 'connection_sealed'];

const subjectExamples: Record<SubjectType, string> = {
  evidence_request: example.evidenceRequest,
  escalation: example.escalation,
};

/** The ticket calls under one kind of subject. @param base such as `/orgs/{org}/evidence-requests/{id}` */
export function linkRoutes(base: string, type: SubjectType, links: LinkService, present: LinkPresenter): Route[] {
  const tag = 'Ticket Sync';
  const { id: idPart, label } = subjectNames[type];
  const params = itemParams(label, subjectExamples[type]);
  const shown: Link = { ...linkExample, subject: { type, id: subjectExamples[type] } };
  const pending: Link = {
    ...shown,
    ...{ external_id: null, external_url: null, external_status: null },
    sync_state: 'pending',
    last_synced_at: null,
  };
  return [
    defineRoute({
      id: `create${idPart}Ticket`,
      method: 'post',
      path: `${base}/ticket`,
      audit: { action: 'ticket.opened', subject: `${base}/ticket` },
      tag,
      summary: `Open the ticket of an ${label}`,
      description: `Title and text come from the ${label}. The answer waits for the tracker up to \`TICKET_WAIT_MS\`; after that it is 202, and the ticket is created as soon as the tracker answers. A ticket that the tracker refused is tried again.`,
      access: 'configure',
      params,
      responses: {
        201: answer('The tracker has the ticket.', linkSchema, shown),
        202: answer('The tracker has not answered yet: `sync_state` is `pending`.', linkSchema, pending),
      },
      errors: ['ticket_exists', 'provider_error', ...unready],
      handler: async ({ params: { org, id }, newId }) => {
        const link = await links.create(org, { type, id }, newId('tkt'));
        return { status: link.external_id === null ? 202 : 201, body: present(link) };
      },
    }),
    defineRoute({
      id: `get${idPart}Ticket`,
      method: 'get',
      path: `${base}/ticket`,
      tag,
      summary: `Get the ticket of an ${label}`,
      description:
        'The link to the ticket, with what was last heard from the tracker. The answer is 404 without a ticket.',
      access: 'read',
      params,
      responses: { 200: answer('The link.', linkSchema, shown) },
      errors: [],
      handler: async ({ params: { org, id } }) => ({
        status: 200,
        body: present(await links.requireLive(org, { type, id })),
      }),
    }),
    defineRoute({
      id: `close${idPart}Ticket`,
      method: 'post',
      path: `${base}/ticket/close`,
      audit: { action: 'ticket.closed', subject: `${base}/ticket` },
      tag,
      summary: `Close the ticket of an ${label}`,
      description:
        'Closing a closed ticket changes nothing. Closing one whose `sync_state` is `error` tries again. The answer waits for the tracker up to `TICKET_WAIT_MS`.',
      access: 'configure',
      params,
      responses: {
        200: answer('The link. `sync_state` is `pending` until the tracker has closed the ticket.', linkSchema, {
          ...shown,
          ...{ state: 'closed', external_status: 'Done' },
          ...{ closed_at: example.later, updated_at: example.later, last_synced_at: example.later },
        }),
      },
      errors: ['provider_error', ...unready],
      handler: async ({ params: { org, id } }) => ({
        status: 200,
        body: present(await links.close(org, { type, id })),
      }),
    }),
    defineRoute({
      id: `unlink${idPart}Ticket`,
      method: 'delete',
      path: `${base}/ticket`,
      audit: { action: 'ticket.unlinked', subject: `${base}/ticket` },
      tag,
      summary: `Unlink the ticket of an ${label}`,
      description:
        'The ticket in the tracker is left as it is. If it is still being created, it is created and stays unlinked.',
      access: 'configure',
      params,
      responses: { 204: { description: 'The ticket was unlinked.' } },
      errors: [],
      handler: async ({ params: { org, id } }) => {
        await links.unlink(org, { type, id });
        return { status: 204 };
      },
    }),
  ];
}
