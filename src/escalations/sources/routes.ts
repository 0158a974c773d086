import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { pagingQuery } from '../../http/paging.js';
import { answer, defineRoute, type Route } from '../../http/route.js';
import { itemParams, orgParams } from '../../http/schema.js';
import { presentSource } from './presenter.js';
import { createdSourceSchema, createSourceBody, sourceExample, sourceListSchema, sourceSchema } from './schema.js';
import type { SourceService } from './service.js';

interface Dependencies {
  sourceService: SourceService;
  publicUrl: string;
}

export function sourceRoutes({ sourceService, publicUrl }: Dependencies): Route[] {
  const tag = 'Sources';
  const itemPath = itemParams('source', example.source);
  return [
    defineRoute({
      id: 'createSource',
      method: 'post',
      path: '/orgs/{org}/sources',
      audit: { action: 'source.created', subject: '/orgs/{org}/sources/{id}' },
      tag,
      summary: 'Create a source',
      description:
        'A source is a governance product elsewhere whose own queue decides. The answer holds its secret, which is shown only once, when the request brought none.',
      access: 'configure',
      params: orgParams,
      body: createSourceBody,
      bodyExample: { name: sourceExample.name },
      responses: {
        201: answer('The source was created.', createdSourceSchema, {
          ...sourceExample,
          secret: 'p2XkDq0d1Y3mN6vR9tUwZ4cF7hJ8lB5s',
        }),
      },
      errors: [],
      handler: async ({ params, body, caller, newId }) => {
        const { source, secret } = await sourceService.create(params.org, body, { id: newId('src'), caller });
        return { status: 201, body: { ...presentSource(source, publicUrl), secret } };
      },
    }),
    defineRoute({
      id: 'listSources',
      method: 'get',
      path: '/orgs/{org}/sources',
      tag,
      summary: 'List the sources',
      description: 'The newest comes first. The secrets are not shown.',
      access: 'configure',
      params: orgParams,
      query: z.strictObject({ ...pagingQuery }),
      responses: { 200: answer('A page of sources.', sourceListSchema, { data: [sourceExample], next_cursor: null }) },
      errors: [],
      handler: async ({ params, query }) => {
        const found = await sourceService.list(params.org, query);
        return { status: 200, body: { ...found, data: found.data.map((source) => presentSource(source, publicUrl)) } };
      },
    }),
    defineRoute({
      id: 'getSource',
      method: 'get',
      path: '/orgs/{org}/sources/{id}',
      tag,
      summary: 'Get a source',
      description: 'One source, without its secret.',
      access: 'configure',
      params: itemPath,
      responses: { 200: answer('The source.', sourceSchema, sourceExample) },
      errors: [],
      handler: async ({ params }) => ({
        status: 200,
        body: presentSource(await sourceService.get(params.org, params.id), publicUrl),
      }),
    }),
    defineRoute({
      id: 'deleteSource',
      method: 'delete',
      path: '/orgs/{org}/sources/{id}',
      audit: { action: 'source.deleted', subject: '/orgs/{org}/sources/{id}' },
      tag,
      summary: 'Delete a source',
      description:
        'Its events are no longer accepted. Escalations that it has not resolved are decided here from now on.',
      access: 'configure',
      params: itemPath,
      responses: { 204: { description: 'The source was deleted.' } },
      errors: [],
      handler: async ({ params, caller }) => {
        await sourceService.remove(params.org, params.id, caller);
        return { status: 204 };
      },
    }),
  ];
}
