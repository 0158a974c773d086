import { z } from 'zod';
import { pageOf, pagingQuery } from '../http/paging.js';
import { defineRoute, type Route } from '../http/route.js';
import { orgParams } from '../http/schema.js';
import type { OrgService } from './org-service.js';
import { presentOrg } from './presenter.js';
import { createOrgBody, orgSchema, updateOrgBody } from './schema.js';

export function orgRoutes({ orgService }: { orgService: OrgService }): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/orgs',
      tag: 'Orgs',
      summary: 'Make an org',
      access: 'admin',
      body: createOrgBody,
      responses: { 201: { description: 'The org. 409 `org_exists` when the id is taken.', schema: orgSchema } },
      handler: async ({ body, newId }) => ({ status: 201, body: presentOrg(await orgService.create(body, newId)) }),
    }),
    defineRoute({
      method: 'get',
      path: '/orgs',
      tag: 'Orgs',
      summary: 'List the orgs, newest first',
      access: 'admin',
      query: z.strictObject({ ...pagingQuery }),
      responses: { 200: { description: 'A page of orgs.', schema: pageOf(orgSchema) } },
      handler: async ({ query }) => {
        const found = await orgService.list(query);
        return { status: 200, body: { ...found, data: found.data.map(presentOrg) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/orgs/{org}',
      tag: 'Orgs',
      summary: 'Show an org',
      access: 'read',
      params: orgParams,
      responses: { 200: { description: 'The org.', schema: orgSchema } },
      handler: async ({ params }) => ({ status: 200, body: presentOrg(await orgService.get(params.org)) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/orgs/{org}',
      tag: 'Orgs',
      summary: 'Rename an org',
      access: 'configure',
      params: orgParams,
      body: updateOrgBody,
      responses: { 200: { description: 'The org as it is now.', schema: orgSchema } },
      handler: async ({ params, body }) => ({
        status: 200,
        body: presentOrg(await orgService.update(params.org, body)),
      }),
    }),
  ];
}
