import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { pagingQuery } from '../../http/paging.js';
import { answer, defineRoute, type Route } from '../../http/route.js';
import { itemParams, orgParams } from '../../http/schema.js';
import type { TestConnection } from './checks.js';
import type { ConnectionDoc } from './model.js';
import { presentConnection } from './presenter.js';
import {
  checksExample,
  connectionExample,
  connectionListSchema,
  connectionSchema,
  connectionTestSchema,
  createConnectionBody,
  createConnectionExamples,
  createdConnectionSchema,
  updateConnectionBody,
} from './schema.js';
import type { ConnectionService } from './service.js';

interface Dependencies {
  connectionService: ConnectionService;
  testConnection: TestConnection;
  publicUrl: string;
}

export function connectionRoutes({ connectionService: service, testConnection, publicUrl }: Dependencies): Route[] {
  const tag = 'Connections';
  const path = '/orgs/{org}/connections';
  const item = `${path}/{id}`;
  const connectionParams = itemParams('connection', example.connection);
  const present = async (connection: ConnectionDoc) =>
    presentConnection(connection, (await service.defaultId(connection.org_id)) === connection._id, publicUrl);
  return [
    defineRoute({
      id: 'createConnection',
      method: 'post',
      path,
      audit: { action: 'connection.created', subject: item },
      tag,
      summary: 'Create a connection',
      description:
        'A connection is a tracker of the org. It is stored whatever its tracker says: `checks` has what was found, and what is left to do. The answer holds the secret of its webhooks, which is shown only once, when the request brought none. An org may have 100 connections.',
      access: 'configure',
      params: orgParams,
      body: createConnectionBody,
      bodyExamples: createConnectionExamples,
      responses: {
        201: answer('The connection was created.', createdConnectionSchema, {
          ...connectionExample,
          webhook_secret: 'p2XkDq0d1Y3mN6vR9tUwZ4cF7hJ8lB5s',
          checks: checksExample,
        }),
      },
      errors: ['too_many_connections', 'concurrent_changes'],
      handler: async ({ params, body, caller, newId }) => {
        const made = await service.create(params.org, body, { id: newId('con'), caller });
        const { checks } = await testConnection(made.connection);
        return {
          status: 201,
          body: { ...(await present(made.connection)), webhook_secret: made.webhookSecret, checks },
        };
      },
    }),
    defineRoute({
      id: 'listConnections',
      method: 'get',
      path,
      tag,
      summary: 'List the connections',
      description: 'The newest comes first. The secrets are not shown.',
      access: 'read',
      params: orgParams,
      query: z.strictObject({ ...pagingQuery }),
      responses: {
        200: answer('A page of connections.', connectionListSchema, { data: [connectionExample], next_cursor: null }),
      },
      errors: [],
      handler: async ({ params, query }) => {
        const found = await service.list(params.org, query);
        const winner = found.data.length > 0 ? await service.defaultId(params.org) : null;
        const data = found.data.map((one) => presentConnection(one, one._id === winner, publicUrl));
        return { status: 200, body: { ...found, data } };
      },
    }),
    defineRoute({
      id: 'getConnection',
      method: 'get',
      path: item,
      tag,
      summary: 'Get a connection',
      description: 'One connection, without its secrets.',
      access: 'read',
      params: connectionParams,
      responses: { 200: answer('The connection.', connectionSchema, connectionExample) },
      errors: [],
      handler: async ({ params }) => ({ status: 200, body: await present(await service.get(params.org, params.id)) }),
    }),
    defineRoute({
      id: 'updateConnection',
      method: 'patch',
      path: item,
      audit: { action: 'connection.updated', subject: item },
      tag,
      summary: 'Update a connection',
      description:
        'Fields that are left out stay; `settings` and `secrets` are merged, the maps are replaced. Secrets that go to the tracker must be sent again when `base_url`, `url` or `username` changes. Linked tickets stay linked.',
      access: 'configure',
      params: connectionParams,
      body: updateConnectionBody,
      bodyExample: { settings: { poll_interval_seconds: 60 } },
      responses: {
        200: answer('The connection as it is now.', connectionSchema, {
          ...connectionExample,
          settings: { ...connectionExample.settings, poll_interval_seconds: 60 },
          updated_at: example.later,
        }),
      },
      errors: ['concurrent_changes'],
      handler: async ({ params, body, caller }) => ({
        status: 200,
        body: await present(await service.update(params.org, params.id, body, caller)),
      }),
    }),
    defineRoute({
      id: 'deleteConnection',
      method: 'delete',
      path: item,
      audit: { action: 'connection.deleted', subject: item },
      tag,
      summary: 'Delete a connection',
      description: 'Only a connection through which no ticket is linked can be deleted.',
      access: 'configure',
      params: connectionParams,
      responses: { 204: { description: 'The connection was deleted.' } },
      errors: ['connection_in_use', 'concurrent_changes'],
      handler: async ({ params, caller }) => {
        await service.remove(params.org, params.id, caller);
        return { status: 204 };
      },
    }),
    defineRoute({
      id: 'testConnection',
      method: 'post',
      path: `${item}/test`,
      audit: { action: 'connection.tested', subject: item },
      tag,
      summary: 'Test a connection',
      description:
        'Asks the tracker whether tickets would work, without creating one. The answer comes within 20 seconds, and is 200 whatever was found.',
      access: 'configure',
      params: connectionParams,
      responses: { 200: answer('What was found.', connectionTestSchema, { ok: true, checks: checksExample }) },
      errors: [],
      handler: async ({ params }) => ({
        status: 200,
        body: await testConnection(await service.get(params.org, params.id)),
      }),
    }),
  ];
}
