import { defineRoute, type Route, type RouteRequest } from '../http/route.js';
import { pageOf } from '../http/paging.js';
import { orgItemParams, orgParams } from '../http/schema.js';
import type { EscalationList } from './list.js';
import type { EscalationDoc } from './model.js';
import type { PresentedEscalation, ShownEscalation } from './presenter.js';
import {
  createEscalationBody,
  escalationSchema,
  listEscalationsQuery,
  noteEscalationBody,
  resolveEscalationBody,
} from './schema.js';
import type { Acting, EscalationService } from './service.js';

interface Dependencies {
  service: EscalationService;
  list: EscalationList;
  /** @param escalations all of one org */
  present: (orgId: string, escalations: ShownEscalation[]) => Promise<PresentedEscalation[]>;
}

export function escalationRoutes({ service, list, present }: Dependencies): Route[] {
  const tag = 'Escalations';
  const path = '/orgs/{org}/escalations';
  const presentOne = async (escalation: EscalationDoc) => (await present(escalation.org_id, [escalation]))[0];
  const asItIsNow = async (change: Promise<EscalationDoc>) => ({ status: 200, body: await presentOne(await change) });
  const action = {
    method: 'post',
    tag,
    access: 'review',
    params: orgItemParams,
    responses: { 200: { description: 'The escalation as it is now.', schema: escalationSchema } },
  } as const;

  return [
    defineRoute({
      method: 'post',
      path,
      tag,
      summary: 'Raise an escalation',
      description: 'The same `source_id` twice is one escalation.',
      access: ['ingest', 'configure'],
      params: orgParams,
      body: createEscalationBody,
      responses: {
        201: { description: 'The escalation.', schema: escalationSchema },
        200: { description: 'The one that has this `source_id` already, as it is now.', schema: escalationSchema },
      },
      handler: async ({ params, body, newId }) => {
        const raised = { ...body, policy: null, event_id: null, source: null };
        const { escalation, isNew } = await service.raise(params.org, newId('esc'), raised);
        return { status: isNew ? 201 : 200, body: await presentOne(escalation) };
      },
    }),
    defineRoute({
      method: 'get',
      path,
      tag,
      summary: 'List escalations, newest first',
      description:
        'With `q`, those that have all its words. Where no escalation has, those in which each of them is the beginning of a word: then a page covers a thousand escalations, and may hold few or none of them while `next_cursor` leads on.',
      access: 'read',
      params: orgParams,
      query: listEscalationsQuery,
      responses: { 200: { description: 'A page of escalations.', schema: pageOf(escalationSchema) } },
      handler: async ({ params, query }) => {
        const found = await list(params.org, query);
        return { status: 200, body: { ...found, data: await present(params.org, found.data) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: `${path}/{id}`,
      tag,
      summary: 'Show an escalation',
      access: 'read',
      params: orgItemParams,
      responses: { 200: { description: 'The escalation.', schema: escalationSchema } },
      handler: ({ params }) => asItIsNow(service.get(params.org, params.id)),
    }),
    defineRoute({
      ...action,
      path: `${path}/{id}/claim`,
      summary: 'Claim an escalation',
      description:
        'Again by the same actor is the same. 409 `already_claimed` by another, `already_resolved`, and `decided_at_source` when the queue of its source decides.',
      handler: (request) => asItIsNow(service.claim(actingOf(request))),
    }),
    defineRoute({
      ...action,
      path: `${path}/{id}/release`,
      summary: 'Give a claimed escalation back to the queue',
      description:
        'For its claimer, else 403 `not_claimer`, or a key with `configure`. 409 `not_claimed`, `already_resolved`, `decided_at_source`.',
      handler: (request) => asItIsNow(service.release(actingOf(request))),
    }),
    defineRoute({
      ...action,
      path: `${path}/{id}/notes`,
      summary: 'Note something on an escalation',
      description: 'Any reviewer may, after its resolution too.',
      body: noteEscalationBody,
      handler: (request) => asItIsNow(service.note(actingOf(request), request.body.body)),
    }),
    defineRoute({
      ...action,
      path: `${path}/{id}/resolve`,
      summary: 'Resolve an escalation',
      description:
        'For its claimer, else 403 `not_claimer`, or a key with `configure`. 409 `not_claimed`, `already_resolved`, `decided_at_source`.',
      body: resolveEscalationBody,
      handler: (request) => {
        const { resolution, notes } = request.body;
        return asItIsNow(service.resolve(actingOf(request), resolution, notes === '' ? null : notes));
      },
    }),
  ];
}

type ItemRequest = Pick<RouteRequest<{ org: string; id: string }, unknown, unknown>, 'params' | 'caller' | 'newId'>;

const actingOf = ({ params, caller, newId }: ItemRequest): Acting => ({
  orgId: params.org,
  id: params.id,
  caller,
  actId: newId('cmd'),
});
