import { z } from 'zod';
import { pageOf, pagingQuery } from '../../http/paging.js';
import { defineRoute, type Route } from '../../http/route.js';
import { orgItemParams, orgParams } from '../../http/schema.js';
import type { TestConnection } from './checks.js';
import type { ConnectionDoc } from './model.js';
import { presentConnection } from './presenter.js';
import {
  connectionSchema,
  connectionTestSchema,
  createConnectionBody,
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
  const present = async (connection: ConnectionDoc) =>
    presentConnection(connection, (await service.defaultId(connection.org_id)) === connection._id, publicUrl);
  return [
    defineRoute({
      method: 'post',
      path,
      tag,
      summary: "Make a connection: an org's own tracker",
      description:
        `The answer holds what was found of the tracker, and the secret of its webhooks, this once, when the request
brought none. What was found missing is to be mended there or here: it is stored in any case. 409
\`too_many_connections\` past 100 an org.`.replaceAll('\n', ' '),
      access: 'configure',
      params: orgParams,
      body: createConnectionBody,
      responses: { 201: { description: 'The connection.', schema: createdConnectionSchema } },
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
      method: 'get',
      path,
      tag,
      summary: 'List the connections, newest first',
      access: 'read',
      params: orgParams,
      query: z.strictObject({ ...pagingQuery }),
      responses: {
        200: { description: 'A page of connections, without their secrets.', schema: pageOf(connectionSchema) },
      },
      handler: async ({ params, query }) => {
        const found = await service.list(params.org, query);
        const winner = found.data.length > 0 ? await service.defaultId(params.org) : null;
        const data = found.data.map((one) => presentConnection(one, one._id === winner, publicUrl));
        return { status: 200, body: { ...found, data } };
      },
    }),
    defineRoute({
      method: 'get',
      path: item,
      tag,
      summary: 'Show a connection',
      access: 'read',
      params: orgItemParams,
      responses: { 200: { description: 'The connection, without its secrets.', schema: connectionSchema } },
      handler: async ({ params }) => ({ status: 200, body: await present(await service.get(params.org, params.id)) }),
    }),
    defineRoute({
      method: 'patch',
      path: item,
      tag,
      summary: 'Change a connection',
      description:
        `What is left out stays; \`settings\` and \`secrets\` are merged, the maps replaced. Secrets that go to the tracker
must be sent again when \`base_url\`, \`url\` or \`username\` changes. Tickets that are linked stay so, and follow.`.replaceAll(
          '\n',
          ' ',
        ),
      access: 'configure',
      params: orgItemParams,
      body: updateConnectionBody,
      responses: { 200: { description: 'The connection as it is now.', schema: connectionSchema } },
      handler: async ({ params, body, caller }) => ({
        status: 200,
        body: await present(await service.update(params.org, params.id, body, caller)),
      }),
    }),
    defineRoute({
      method: 'delete',
      path: item,
      tag,
      summary: 'Delete a connection through which no ticket is linked',
      description: '409 `connection_in_use` while there are such tickets.',
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
      path: `${item}/test`,
      tag,
      summary: 'Look at the tracker behind a connection',
      description: 'Answers within 20 s, whatever it finds. Makes no ticket.',
      access: 'configure',
      params: orgItemParams,
      responses: { 200: { description: 'What was found.', schema: connectionTestSchema } },
      handler: async ({ params }) => ({
        status: 200,
        body: await testConnection(await service.get(params.org, params.id)),
      }),
    }),
  ];
}
