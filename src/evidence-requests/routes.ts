import type { Audited } from '../http/audit.js';
import { example } from '../http/example-values.js';
import { answer, defineRoute, type Route } from '../http/route.js';
import { itemParams, orgParams } from '../http/schema.js';
import type { Link } from '../tickets/links/schema.js';
import type { EvidenceRequestDoc } from './model.js';
import { presentEvidenceRequest } from './presenter.js';
import {
  createEvidenceRequestBody,
  evidenceRequestExample,
  evidenceRequestListSchema,
  evidenceRequestSchema,
  listEvidenceRequestsQuery,
  updateEvidenceRequestBody,
} from './schema.js';
import type { EvidenceRequestService } from './service.js';

/** The links of these subjects as they are presented, by subject id; subjects without one are missing. One query for all. */
export type TicketOf = (orgId: string, subjectIds: string[]) => Promise<Map<string, Link>>;

const params = itemParams('evidence request', example.evidenceRequest);

/** Decisions have actions of their own, so that they are found. */
export const evidenceRequestUpdated: Audited = {
  action: 'evidence_request.updated',
  subject: '/orgs/{org}/evidence-requests/{id}',
  actionOf: ({ status }) =>
    status?.after === 'accepted' || status?.after === 'rejected' ? `evidence_request.${status.after}` : undefined,
};

interface Dependencies {
  evidenceRequestService: EvidenceRequestService;
  ticketOf: TicketOf;
}

export function evidenceRequestRoutes({ evidenceRequestService: service, ticketOf }: Dependencies): Route[] {
  const present = async (orgId: string, docs: EvidenceRequestDoc[]) => {
    const ticketBy =
      docs.length > 0
        ? await ticketOf(
            orgId,
            docs.map((doc) => doc._id),
          )
        : new Map<string, Link>();
    return docs.map((doc) => presentEvidenceRequest(doc, ticketBy.get(doc._id) ?? null));
  };
  const presentOne = async (doc: EvidenceRequestDoc) => (await present(doc.org_id, [doc]))[0];
  const tag = 'Evidence requests';
  return [
    defineRoute({
      id: 'createEvidenceRequest',
      method: 'post',
      path: '/orgs/{org}/evidence-requests',
      audit: { action: 'evidence_request.created', subject: '/orgs/{org}/evidence-requests/{id}' },
      tag,
      summary: 'Create an evidence request',
      description: 'It has no ticket until one is opened with `createEvidenceRequestTicket`.',
      access: 'configure',
      params: orgParams,
      body: createEvidenceRequestBody,
      bodyExample: {
        title: evidenceRequestExample.title,
        description: evidenceRequestExample.description,
        due_at: evidenceRequestExample.due_at,
        assignee: evidenceRequestExample.assignee,
        control_refs: evidenceRequestExample.control_refs,
      },
      responses: {
        201: answer('The evidence request was created.', evidenceRequestSchema, {
          ...evidenceRequestExample,
          ticket: null,
        }),
      },
      errors: [],
      handler: async ({ params, body, newId }) => {
        const made = await service.create(params.org, newId('er'), body);
        return { status: 201, body: await presentOne(made) };
      },
    }),
    defineRoute({
      id: 'listEvidenceRequests',
      method: 'get',
      path: '/orgs/{org}/evidence-requests',
      tag,
      summary: 'List evidence requests',
      description: 'The newest comes first.',
      access: 'read',
      params: orgParams,
      query: listEvidenceRequestsQuery,
      responses: {
        200: answer('A page of evidence requests.', evidenceRequestListSchema, {
          data: [evidenceRequestExample],
          next_cursor: null,
        }),
      },
      errors: [],
      handler: async ({ params, query }) => {
        const found = await service.list(params.org, query);
        return { status: 200, body: { ...found, data: await present(params.org, found.data) } };
      },
    }),
    defineRoute({
      id: 'getEvidenceRequest',
      method: 'get',
      path: '/orgs/{org}/evidence-requests/{id}',
      tag,
      summary: 'Get an evidence request',
      description: 'With the link to its ticket.',
      access: 'read',
      params,
      responses: { 200: answer('The evidence request.', evidenceRequestSchema, evidenceRequestExample) },
      errors: [],
      handler: async ({ params: { org, id } }) => ({
        status: 200,
        body: await presentOne(await service.get(org, id)),
      }),
    }),
    defineRoute({
      id: 'updateEvidenceRequest',
      method: 'patch',
      path: '/orgs/{org}/evidence-requests/{id}',
      audit: evidenceRequestUpdated,
      tag,
      summary: 'Update an evidence request',
      description: 'Fields that are left out stay. Any status may follow any. The ticket is not changed.',
      access: 'configure',
      params,
      body: updateEvidenceRequestBody,
      bodyExample: { status: 'submitted' },
      responses: {
        200: answer('The evidence request as it is now.', evidenceRequestSchema, {
          ...evidenceRequestExample,
          status: 'submitted',
          updated_at: example.later,
        }),
      },
      errors: [],
      handler: async ({ params: { org, id }, body }) => {
        const changed = await service.update(org, id, body);
        return { status: 200, body: await presentOne(changed) };
      },
    }),
  ];
}
