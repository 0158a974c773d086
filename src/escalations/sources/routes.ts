import { z } from 'zod';
import { pageOf, pagingQuery } from '../../http/paging.js';
import { defineRoute, type Route } from '../../http/route.js';
import { orgItemParams, orgParams } from '../../http/schema.js';
import { presentSource } from './presenter.js';
import { createdSourceSchema, createSourceBody, sourceSchema } from './schema.js';
import type { SourceService } from './service.js';

interface Dependencies {
  sourceService: SourceService;
  publicUrl: string;
}

export function sourceRoutes({ sourceService, publicUrl }: Dependencies): Route[] {
  const tag = 'Sources';
  return [
    defineRoute({
      method: 'post',
      path: '/orgs/{org}/sources',
      tag,
      summary: 'Make a source: a product elsewhere whose queue stays the source of truth',
      description: 'The answer holds the secret, this once, when the request brought none.',
      access: 'configure',
      params: orgParams,
      body: createSourceBody,
      responses: { 201: { description: 'The source.', schema: createdSourceSchema } },
      handler: async ({ params, body, caller, newId }) => {
        const { source, secret } = await sourceService.create(params.org, body, { id: newId('src'), caller });
        return { status: 201, body: { ...presentSource(source, publicUrl), secret } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/orgs/{org}/sources',
      tag,
      summary: 'List the sources, newest first',
      access: 'configure',
      params: orgParams,
      query: z.strictObject({ ...pagingQuery }),
      responses: { 200: { description: 'A page of sources, without their secrets.', schema: pageOf(sourceSchema) } },
      handler: async ({ params, query }) => {
        const found = await sourceService.list(params.org, query);
        return { status: 200, body: { ...found, data: found.data.map((source) => presentSource(source, publicUrl)) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/orgs/{org}/sources/{id}',
      tag,
      summary: 'Show a source',
      access: 'configure',
      params: orgItemParams,
      responses: { 200: { description: 'The source, without its secret.', schema: sourceSchema } },
      handler: async ({ params }) => ({
        status: 200,
        body: presentSource(await sourceService.get(params.org, params.id), publicUrl),
      }),
    }),
    defineRoute({
      method: 'delete',
      path: '/orgs/{org}/sources/{id}',
      tag,
      summary: 'Delete a source; what it has not resolved is decided here from then on',
      access: 'configure',
      params: orgItemParams,
      responses: { 204: { description: 'Deleted.' } },
      handler: async ({ params, caller }) => {
        await sourceService.remove(params.org, params.id, caller);
        return { status: 204 };
      },
    }),
  ];
}
