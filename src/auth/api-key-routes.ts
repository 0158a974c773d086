import { z } from 'zod';
import { pageOf, pagingQuery } from '../http/paging.js';
import { defineRoute, type Route } from '../http/route.js';
import { orgParams } from '../http/schema.js';
import type { ApiKeyService } from './api-key-service.js';
import { presentApiKey } from './presenter.js';
import { apiKeySchema, createApiKeyBody, createdApiKeySchema } from './schema.js';

export function apiKeyRoutes({ apiKeyService }: { apiKeyService: ApiKeyService }): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/orgs/{org}/api-keys',
      tag: 'API keys',
      summary: 'Make a key',
      description:
        'The answer holds the key itself, this once. A key that expires makes only keys that expire no later.',
      access: 'configure',
      params: orgParams,
      body: createApiKeyBody,
      responses: { 201: { description: 'The key.', schema: createdApiKeySchema } },
      handler: async ({ params, body, caller, newId }) => {
        const { apiKey, key } = await apiKeyService.create(params.org, body, { caller, newId });
        return { status: 201, body: { ...presentApiKey(apiKey), key } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/orgs/{org}/api-keys',
      tag: 'API keys',
      summary: 'List the keys, newest first',
      access: 'configure',
      params: orgParams,
      query: z.strictObject({ ...pagingQuery }),
      responses: { 200: { description: 'A page of keys, without their texts.', schema: pageOf(apiKeySchema) } },
      handler: async ({ params, query }) => {
        const found = await apiKeyService.list(params.org, query);
        return { status: 200, body: { ...found, data: found.data.map(presentApiKey) } };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/orgs/{org}/api-keys/{key_id}',
      tag: 'API keys',
      summary: 'Delete a key; it ends within two seconds',
      access: 'configure',
      params: orgParams.extend({ key_id: z.string() }),
      responses: { 204: { description: 'Deleted.' } },
      handler: async ({ params, caller }) => {
        await apiKeyService.remove(params.org, params.key_id, caller);
        return { status: 204 };
      },
    }),
  ];
}
