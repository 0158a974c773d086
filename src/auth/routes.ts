import { z } from 'zod';
import { example } from '../http/example-values.js';
import { pagingQuery } from '../http/paging.js';
import { answer, defineRoute, type Route } from '../http/route.js';
import { orgParams } from '../http/schema.js';
import type { OrgService } from './org-service.js';
import { presentOrg } from './presenter.js';
import { createOrgBody, orgExample, orgListSchema, orgSchema, updateOrgBody } from './schema.js';

export function orgRoutes({ orgService }: { orgService: OrgService }): Route[] {
  return [
    defineRoute({
      id: 'createOrg',
      method: 'post',
      path: '/orgs',
      audit: { action: 'org.created', subject: '/orgs/{org}' },
      tag: 'Orgs',
      summary: 'Create an org',
      description: 'The id is yours to choose, and never changes. Next, create an API key for the org.',
      access: 'admin',
      body: createOrgBody,
      bodyExample: { id: example.org, name: example.orgName },
      responses: { 201: answer('The org was created.', orgSchema, orgExample) },
      errors: ['org_exists'],
      handler: async ({ body, ...maker }) => ({ status: 201, body: presentOrg(await orgService.create(body, maker)) }),
    }),
    defineRoute({
      id: 'listOrgs',
      method: 'get',
      path: '/orgs',
      tag: 'Orgs',
      summary: 'List the orgs',
      description: 'The newest comes first.',
      access: 'admin',
      query: z.strictObject({ ...pagingQuery }),
      responses: { 200: answer('A page of orgs.', orgListSchema, { data: [orgExample], next_cursor: null }) },
      errors: [],
      handler: async ({ query }) => {
        const found = await orgService.list(query);
        return { status: 200, body: { ...found, data: found.data.map(presentOrg) } };
      },
    }),
    defineRoute({
      id: 'getOrg',
      method: 'get',
      path: '/orgs/{org}',
      tag: 'Orgs',
      summary: 'Get an org',
      description: 'One org, by its id.',
      access: 'read',
      params: orgParams,
      responses: { 200: answer('The org.', orgSchema, orgExample) },
      errors: [],
      handler: async ({ params }) => ({ status: 200, body: presentOrg(await orgService.get(params.org)) }),
    }),
    defineRoute({
      id: 'updateOrg',
      method: 'patch',
      path: '/orgs/{org}',
      audit: { action: 'org.updated', subject: '/orgs/{org}' },
      tag: 'Orgs',
      summary: 'Update an org',
      description: 'Only the name can change. Fields that are left out stay.',
      access: 'configure',
      params: orgParams,
      body: updateOrgBody,
      bodyExample: { name: example.orgName },
      responses: { 200: answer('The org as it is now.', orgSchema, orgExample) },
      errors: [],
      handler: async ({ params, body }) => ({
        status: 200,
        body: presentOrg(await orgService.update(params.org, body)),
      }),
    }),
  ];
}
