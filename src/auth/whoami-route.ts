import { example } from '../http/example-values.js';
import { answer, defineRoute, type Route } from '../http/route.js';
import { actorOf, permissions, type Caller } from '../http/caller.js';
import type { OrgService } from './org-service.js';
import { whoamiSchema } from './schema.js';

export function whoamiRoute({ orgService }: { orgService: OrgService }): Route {
  return defineRoute({
    id: 'getWhoami',
    method: 'get',
    path: '/whoami',
    tag: 'API keys',
    summary: 'Get the caller',
    description: 'The org and the permissions of this key, and who is recorded as the actor.',
    access: 'any',
    responses: {
      200: answer('The caller.', whoamiSchema, {
        org: { id: example.org, name: example.orgName },
        admin: false,
        permissions: ['review'],
        actor: { id: example.apiKey, name: 'Review console', via: example.apiKey },
      }),
    },
    errors: [],
    handler: async ({ caller }) => ({ status: 200, body: await presentCaller(caller, orgService) }),
  });
}

async function presentCaller(caller: Caller, orgService: OrgService) {
  const { id, name, via } = actorOf(caller);
  const actor = { id, name, via };
  if (caller.kind !== 'key') return { org: null, admin: true, permissions, actor };
  const org = await orgService.get(caller.orgId);
  return { org: { id: org._id, name: org.name }, admin: false, permissions: caller.permissions, actor };
}
