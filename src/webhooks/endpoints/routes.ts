import { z } from 'zod';
import { pageOf, pagingQuery } from '../../http/paging.js';
import { defineRoute, type Route } from '../../http/route.js';
import { orgItemParams, orgParams } from '../../http/schema.js';
import { unknownHealth, type HealthOf } from './health.js';
import type { EndpointDoc } from './model.js';
import { presentEndpoint } from './presenter.js';
import {
  createdEndpointSchema,
  createEndpointBody,
  endpointSchema,
  rotatedSecretSchema,
  rotateSecretBody,
  updateEndpointBody,
} from './schema.js';
import type { EndpointService } from './service.js';

interface Dependencies {
  endpointService: EndpointService;
  healthOf: HealthOf;
}

export function endpointRoutes({ endpointService: service, healthOf }: Dependencies): Route[] {
  const present = async (orgId: string, endpoints: readonly EndpointDoc[]) => {
    const ids = endpoints.map(({ _id }) => _id);
    const healthBy = ids.length > 0 ? await healthOf(orgId, ids) : new Map<string, never>();
    return endpoints.map((endpoint) => presentEndpoint(endpoint, healthBy.get(endpoint._id) ?? unknownHealth));
  };
  const presentOne = async (endpoint: EndpointDoc) => (await present(endpoint.org_id, [endpoint]))[0];
  const tag = 'Webhooks';
  const path = '/orgs/{org}/webhooks';
  const item = `${path}/{id}`;
  return [
    defineRoute({
      method: 'post',
      path,
      tag,
      summary: 'Make an endpoint, which events are sent to',
      description: 'The answer holds the secret that signs them, this once. 409 `too_many_endpoints` past 500 an org.',
      access: 'configure',
      params: orgParams,
      body: createEndpointBody,
      responses: { 201: { description: 'The endpoint.', schema: createdEndpointSchema } },
      handler: async ({ params, body, caller, newId }) => {
        const { endpoint, secret } = await service.create(params.org, body, { caller, newId });
        return { status: 201, body: { ...(await presentOne(endpoint)), secret } };
      },
    }),
    defineRoute({
      method: 'get',
      path,
      tag,
      summary: 'List the endpoints, newest first',
      access: 'read',
      params: orgParams,
      query: z.strictObject({ ...pagingQuery }),
      responses: { 200: { description: 'A page of endpoints.', schema: pageOf(endpointSchema) } },
      handler: async ({ params, query }) => {
        const found = await service.list(params.org, query);
        return { status: 200, body: { ...found, data: await present(params.org, found.data) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: item,
      tag,
      summary: 'Show an endpoint',
      access: 'read',
      params: orgItemParams,
      responses: { 200: { description: 'The endpoint.', schema: endpointSchema } },
      handler: async ({ params }) => ({
        status: 200,
        body: await presentOne(await service.get(params.org, params.id)),
      }),
    }),
    defineRoute({
      method: 'patch',
      path: item,
      tag,
      summary: 'Change an endpoint',
      description:
        `What is left out stays. \`headers\` replaces all of them, and must be sent again when \`url\` changes to
another origin. Enabling clears \`disabled_reason\`.`.replaceAll('\n', ' '),
      access: 'configure',
      params: orgItemParams,
      body: updateEndpointBody,
      responses: { 200: { description: 'The endpoint as it is now.', schema: endpointSchema } },
      handler: async ({ params, body, caller }) => ({
        status: 200,
        body: await presentOne(await service.update(params.org, params.id, body, caller)),
      }),
    }),
    defineRoute({
      method: 'delete',
      path: item,
      tag,
      summary: 'Delete an endpoint; nothing more is sent to it',
      access: 'configure',
      params: orgItemParams,
      responses: { 204: { description: 'Deleted.' } },
      handler: async ({ params, caller }) => {
        await service.remove(params.org, params.id, caller);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'post',
      path: `${item}/rotate-secret`,
      tag,
      summary: 'Give an endpoint a new secret',
      description:
        `Both sign during the overlap, so that the receiver can change over. Again within an overlap, the oldest
ends at once.`.replaceAll('\n', ' '),
      access: 'configure',
      params: orgItemParams,
      body: rotateSecretBody,
      responses: { 200: { description: 'The new secret, shown this once.', schema: rotatedSecretSchema } },
      handler: async ({ params, body, caller, newId }) => {
        const by = { caller, newId };
        const rotated = await service.rotateSecret(params.org, params.id, body.overlap_seconds, by);
        const previous_expires_at = rotated.previousExpiresAt?.toISOString() ?? null;
        return { status: 200, body: { secret: rotated.secret, previous_expires_at } };
      },
    }),
  ];
}
