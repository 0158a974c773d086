import { z } from 'zod';
import { example } from '../http/example-values.js';
import { pagingQuery } from '../http/paging.js';
import { answer, defineRoute, type Route } from '../http/route.js';
import { idParam, orgParams } from '../http/schema.js';
import type { ApiKeyService } from './api-key-service.js';
import { presentApiKey } from './presenter.js';
import { apiKeyExample, apiKeyListSchema, createApiKeyBody, createdApiKeySchema } from './schema.js';

export function apiKeyRoutes({ apiKeyService }: { apiKeyService: ApiKeyService }): Route[] {
  return [
    defineRoute({
      id: 'createApiKey',
      method: 'post',
      path: '/orgs/{org}/api-keys',
      audit: { action: 'api_key.created', subject: '/orgs/{org}/api-keys/{key_id}' },
      tag: 'API keys',
      summary: 'Create an API key',
      description:
        'The answer holds the key itself, which is shown only once. A key that expires can create only keys that expire no later: otherwise the answer is 403.',
      access: 'configure',
      params: orgParams,
      body: createApiKeyBody,
      bodyExample: { name: 'Review console', permissions: ['review'], may_act: true },
      responses: {
        201: answer('The key was created.', createdApiKeySchema, {
          ...apiKeyExample,
          key: 'dbk_01KF06WXX0K1M3P5R7T9W2Y4AC_example',
        }),
      },
      errors: [],
      handler: async ({ params, body, caller, newId }) => {
        const { apiKey, key } = await apiKeyService.create(params.org, body, { caller, newId });
        return { status: 201, body: { ...presentApiKey(apiKey), key } };
      },
    }),
    defineRoute({
      id: 'listApiKeys',
      method: 'get',
      path: '/orgs/{org}/api-keys',
      tag: 'API keys',
      summary: 'List the API keys',
      description: 'The newest comes first. The keys themselves are not shown.',
      access: 'configure',
      params: orgParams,
      query: z.strictObject({ ...pagingQuery }),
      responses: { 200: answer('A page of keys.', apiKeyListSchema, { data: [apiKeyExample], next_cursor: null }) },
      errors: [],
      handler: async ({ params, query }) => {
        const found = await apiKeyService.list(params.org, query);
        return { status: 200, body: { ...found, data: found.data.map(presentApiKey) } };
      },
    }),
    defineRoute({
      id: 'deleteApiKey',
      method: 'delete',
      path: '/orgs/{org}/api-keys/{key_id}',
      audit: { action: 'api_key.deleted', subject: '/orgs/{org}/api-keys/{key_id}' },
      tag: 'API keys',
      summary: 'Delete an API key',
      description: 'The key stops working within two seconds.',
      access: 'configure',
      params: orgParams.extend({ key_id: idParam('API key', example.apiKey) }),
      responses: { 204: { description: 'The key was deleted.' } },
      errors: [],
      handler: async ({ params, caller }) => {
        await apiKeyService.remove(params.org, params.key_id, caller);
        return { status: 204 };
      },
    }),
  ];
}
