import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { pagingQuery } from '../../http/paging.js';
import { answer, defineRoute, type Route } from '../../http/route.js';
import { itemParams, orgParams } from '../../http/schema.js';
import { unknownHealth, type HealthOf } from './health.js';
import type { EndpointDoc } from './model.js';
import { presentEndpoint } from './presenter.js';
import {
  createdEndpointSchema,
  createEndpointBody,
  endpointExample,
  endpointListSchema,
  endpointSchema,
  rotatedSecretSchema,
  rotateSecretBody,
  secretExample,
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
  const endpointParams = itemParams('webhook endpoint', example.webhook);
  return [
    defineRoute({
      id: 'createWebhook',
      method: 'post',
      path,
      audit: { action: 'webhook.created', subject: item },
      tag,
      summary: 'Create a webhook endpoint',
      description:
        'Events are posted to it from now on. The answer holds the secret that signs them, which is shown only once. An org may have 500 endpoints.',
      access: 'configure',
      params: orgParams,
      body: createEndpointBody,
      bodyExample: {
        url: endpointExample.url,
        events: endpointExample.events,
        description: endpointExample.description,
      },
      responses: {
        201: answer('The endpoint was created.', createdEndpointSchema, { ...endpointExample, secret: secretExample }),
      },
      errors: ['too_many_endpoints'],
      handler: async ({ params, body, caller, newId }) => {
        const { endpoint, secret } = await service.create(params.org, body, { caller, newId });
        return { status: 201, body: { ...(await presentOne(endpoint)), secret } };
      },
    }),
    defineRoute({
      id: 'listWebhooks',
      method: 'get',
      path,
      tag,
      summary: 'List webhook endpoints',
      description: 'The newest comes first.',
      access: 'read',
      params: orgParams,
      query: z.strictObject({ ...pagingQuery }),
      responses: {
        200: answer('A page of endpoints.', endpointListSchema, { data: [endpointExample], next_cursor: null }),
      },
      errors: [],
      handler: async ({ params, query }) => {
        const found = await service.list(params.org, query);
        return { status: 200, body: { ...found, data: await present(params.org, found.data) } };
      },
    }),
    defineRoute({
      id: 'getWebhook',
      method: 'get',
      path: item,
      tag,
      summary: 'Get a webhook endpoint',
      description: 'With its health: how deliveries to it go.',
      access: 'read',
      params: endpointParams,
      responses: { 200: answer('The endpoint.', endpointSchema, endpointExample) },
      errors: [],
      handler: async ({ params }) => ({
        status: 200,
        body: await presentOne(await service.get(params.org, params.id)),
      }),
    }),
    defineRoute({
      id: 'updateWebhook',
      method: 'patch',
      path: item,
      audit: { action: 'webhook.updated', subject: item },
      tag,
      summary: 'Update a webhook endpoint',
      description:
        'Fields that are left out stay. `headers` replaces all headers, and must be sent again when `url` changes to another origin. Enabling clears `disabled_reason`.',
      access: 'configure',
      params: endpointParams,
      body: updateEndpointBody,
      bodyExample: { enabled: false },
      responses: {
        200: answer('The endpoint as it is now.', endpointSchema, {
          ...endpointExample,
          enabled: false,
          health: { ...endpointExample.health, status: 'disabled' },
          updated_at: example.later,
        }),
      },
      errors: ['concurrent_changes'],
      handler: async ({ params, body, caller }) => ({
        status: 200,
        body: await presentOne(await service.update(params.org, params.id, body, caller)),
      }),
    }),
    defineRoute({
      id: 'deleteWebhook',
      method: 'delete',
      path: item,
      audit: { action: 'webhook.deleted', subject: item },
      tag,
      summary: 'Delete a webhook endpoint',
      description: 'Nothing more is sent to it. Its deliveries are no longer shown.',
      access: 'configure',
      params: endpointParams,
      responses: { 204: { description: 'The endpoint was deleted.' } },
      errors: [],
      handler: async ({ params, caller }) => {
        await service.remove(params.org, params.id, caller);
        return { status: 204 };
      },
    }),
    defineRoute({
      id: 'rotateWebhookSecret',
      method: 'post',
      path: `${item}/rotate-secret`,
      audit: { action: 'webhook.rotated', subject: item },
      tag,
      summary: 'Rotate the secret of a webhook endpoint',
      description:
        'Both secrets sign during the overlap, so the receiver can change over without losing a delivery. A second rotation within an overlap ends the oldest secret at once.',
      access: 'configure',
      params: endpointParams,
      body: rotateSecretBody,
      bodyExample: { overlap_seconds: 3600 },
      responses: {
        200: answer('The new secret. It is shown only here.', rotatedSecretSchema, {
          secret: secretExample,
          previous_expires_at: '2026-01-15T10:30:00.000Z',
        }),
      },
      errors: ['concurrent_changes'],
      handler: async ({ params, body, caller, newId }) => {
        const by = { caller, newId };
        const rotated = await service.rotateSecret(params.org, params.id, body.overlap_seconds, by);
        const previous_expires_at = rotated.previousExpiresAt?.toISOString() ?? null;
        return { status: 200, body: { secret: rotated.secret, previous_expires_at } };
      },
    }),
  ];
}
