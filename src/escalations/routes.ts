import type { ErrorCode } from '../http/error-codes.js';
import { example } from '../http/example-values.js';
import { answer, defineRoute, type ResponseDoc, type Route, type RouteRequest } from '../http/route.js';
import { itemParams, orgParams } from '../http/schema.js';
import type { EscalationList } from './list.js';
import type { EscalationDoc } from './model.js';
import type { PresentedEscalation, ShownEscalation } from './presenter.js';
import {
  createEscalationBody,
  escalationExample,
  escalationListSchema,
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
    params: itemParams('escalation', example.escalation),
  } as const;
  const now = (shown: Partial<typeof escalationExample>): Record<number, ResponseDoc> => ({
    200: answer('The escalation as it is now.', escalationSchema, {
      ...escalationExample,
      ...{ updated_at: example.later, ...shown },
    }),
  });

  return [
    defineRoute({
      id: 'createEscalation',
      method: 'post',
      path,
      audit: { none: 'the history of an escalation begins with who raised it' },
      tag,
      summary: 'Raise an escalation',
      description:
        'It enters the review queue, gets a ticket if routing says so, and people are notified. The same `source_id` twice is one escalation: then the answer is 200 with the first one.',
      access: ['ingest', 'configure'],
      params: orgParams,
      body: createEscalationBody,
      bodyExample: {
        title: escalationExample.title,
        severity: escalationExample.severity,
        reason: escalationExample.reason,
        gateway: escalationExample.gateway,
        actor: escalationExample.actor,
        context: { prompt_id: 'p-4711' },
        source_id: escalationExample.source_id,
      },
      responses: {
        201: answer('The escalation was raised.', escalationSchema, escalationExample),
        200: answer('The escalation that has this `source_id` already, as it is now.', escalationSchema, {
          ...escalationExample,
          ...claimed,
        }),
      },
      errors: [],
      handler: async ({ params, body, newId }) => {
        const raised = { ...body, policy: null, event_id: null, source: null };
        const { escalation, isNew } = await service.raise(params.org, newId('esc'), raised);
        return { status: isNew ? 201 : 200, body: await presentOne(escalation) };
      },
    }),
    defineRoute({
      id: 'listEscalations',
      method: 'get',
      path,
      tag,
      summary: 'List escalations',
      description:
        'The newest comes first. With `q`, only those that have all its words. If there is none, those in which each word begins a word: then a page covers a thousand escalations, and may hold few or none while `next_cursor` is set.',
      access: 'read',
      params: orgParams,
      query: listEscalationsQuery,
      responses: {
        200: answer('A page of escalations.', escalationListSchema, { data: [escalationExample], next_cursor: null }),
      },
      errors: [],
      handler: async ({ params, query }) => {
        const found = await list(params.org, query);
        return { status: 200, body: { ...found, data: await present(params.org, found.data) } };
      },
    }),
    defineRoute({
      id: 'getEscalation',
      method: 'get',
      path: `${path}/{id}`,
      tag,
      summary: 'Get an escalation',
      description: 'With its notes, its limits of time and the link to its ticket.',
      access: 'read',
      params: action.params,
      responses: { 200: answer('The escalation.', escalationSchema, escalationExample) },
      errors: [],
      handler: ({ params }) => asItIsNow(service.get(params.org, params.id)),
    }),
    defineRoute({
      ...action,
      path: `${path}/{id}/claim`,
      id: 'claimEscalation',
      audit: { action: 'escalation.claimed', subject: `${path}/{id}` },
      summary: 'Claim an escalation',
      description: 'The actor becomes its reviewer. Claiming it again as the same actor changes nothing.',
      responses: now(claimed),
      errors: ['already_claimed', ...undecidable],
      handler: (request) => asItIsNow(service.claim(actingOf(request))),
    }),
    defineRoute({
      ...action,
      path: `${path}/{id}/release`,
      id: 'releaseEscalation',
      audit: { action: 'escalation.released', subject: `${path}/{id}` },
      summary: 'Release an escalation',
      description: 'It goes back to the queue. Only its claimer, or a key with `configure`, may release it.',
      responses: now({}),
      errors: ['not_claimer', 'not_claimed', ...undecidable],
      handler: (request) => asItIsNow(service.release(actingOf(request))),
    }),
    defineRoute({
      ...action,
      path: `${path}/{id}/notes`,
      id: 'createEscalationNote',
      audit: { action: 'escalation.noted', subject: `${path}/{id}` },
      summary: 'Add a note to an escalation',
      description: 'Any reviewer may add one, also after the resolution.',
      body: noteEscalationBody,
      bodyExample: { body: 'Asked the data owner.' },
      responses: now({ notes: [{ author: reviewer, body: 'Asked the data owner.', at: example.later }] }),
      errors: ['too_many_changes'],
      handler: (request) => asItIsNow(service.note(actingOf(request), request.body.body)),
    }),
    defineRoute({
      ...action,
      path: `${path}/{id}/resolve`,
      id: 'resolveEscalation',
      audit: { action: 'escalation.resolved', subject: `${path}/{id}` },
      summary: 'Resolve an escalation',
      description:
        'Records the decision, which is final, and tells the ticket and the channels. Only its claimer, or a key with `configure`, may resolve it.',
      body: resolveEscalationBody,
      bodyExample: { resolution: 'approved', notes: 'The data was masked.' },
      responses: now({
        ...claimed,
        ...{ status: 'resolved', resolution: 'approved', resolved_by: reviewer, resolved_at: example.later },
        notes: [{ author: reviewer, body: 'The data was masked.', at: example.later }],
      }),
      errors: ['not_claimer', 'not_claimed', ...undecidable],
      handler: (request) => {
        const { resolution, notes } = request.body;
        return asItIsNow(service.resolve(actingOf(request), resolution, notes === '' ? null : notes));
      },
    }),
  ];
}

const reviewer = { id: 'u-7', name: 'Ada Reviewer', via: example.apiKey };
const claimed = { status: 'claimed', claimed_by: reviewer, claimed_at: example.later } as const;

/** Of an escalation on which nothing can be decided here. */
const undecidable: readonly ErrorCode[] = ['already_resolved', 'decided_at_source', 'too_many_changes'];

type ItemRequest = Pick<RouteRequest<{ org: string; id: string }, unknown, unknown>, 'params' | 'caller' | 'newId'>;

const actingOf = ({ params, caller, newId }: ItemRequest): Acting => ({
  orgId: params.org,
  id: params.id,
  caller,
  actId: newId('cmd'),
});
