import { pageOf } from '../http/paging.js';
import { defineRoute, type Route } from '../http/route.js';
import { orgItemParams, orgParams } from '../http/schema.js';
import type { EvidenceRequestDoc } from './model.js';
import { presentEvidenceRequest } from './presenter.js';
import {
  createEvidenceRequestBody,
  evidenceRequestSchema,
  listEvidenceRequestsQuery,
  updateEvidenceRequestBody,
} from './schema.js';
import type { EvidenceRequestService } from './service.js';

/** The links of these subjects as they are presented, by subject id; subjects without one are missing. One query for all. */
export type TicketOf = (orgId: string, subjectIds: string[]) => Promise<Map<string, object>>;

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
        : new Map<string, object>();
    return docs.map((doc) => presentEvidenceRequest(doc, ticketBy.get(doc._id) ?? null));
  };
  const presentOne = async (doc: EvidenceRequestDoc) => (await present(doc.org_id, [doc]))[0];
  const tag = 'Evidence requests';
  return [
    defineRoute({
      method: 'post',
      path: '/orgs/{org}/evidence-requests',
      tag,
      summary: 'Make an evidence request',
      access: 'configure',
      params: orgParams,
      body: createEvidenceRequestBody,
      responses: { 201: { description: 'The evidence request.', schema: evidenceRequestSchema } },
      handler: async ({ params, body, newId }) => {
        const made = await service.create(params.org, newId('er'), body);
        return { status: 201, body: await presentOne(made) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/orgs/{org}/evidence-requests',
      tag,
      summary: 'List evidence requests, newest first',
      access: 'read',
      params: orgParams,
      query: listEvidenceRequestsQuery,
      responses: { 200: { description: 'A page of evidence requests.', schema: pageOf(evidenceRequestSchema) } },
      handler: async ({ params, query }) => {
        const found = await service.list(params.org, query);
        return { status: 200, body: { ...found, data: await present(params.org, found.data) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/orgs/{org}/evidence-requests/{id}',
      tag,
      summary: 'Show an evidence request',
      access: 'read',
      params: orgItemParams,
      responses: { 200: { description: 'The evidence request.', schema: evidenceRequestSchema } },
      handler: async ({ params }) => ({
        status: 200,
        body: await presentOne(await service.get(params.org, params.id)),
      }),
    }),
    defineRoute({
      method: 'patch',
      path: '/orgs/{org}/evidence-requests/{id}',
      tag,
      summary: 'Change an evidence request; any status may follow any',
      access: 'configure',
      params: orgItemParams,
      body: updateEvidenceRequestBody,
      responses: { 200: { description: 'The evidence request as it is now.', schema: evidenceRequestSchema } },
      handler: async ({ params, body }) => {
        const changed = await service.update(params.org, params.id, body);
        return { status: 200, body: await presentOne(changed) };
      },
    }),
  ];
}
