import { defineRoute, type Route } from '../http/route.js';
import { actorOf, permissions, type Caller } from '../http/caller.js';
import type { OrgService } from './org-service.js';
import { whoamiSchema } from './schema.js';

export function whoamiRoute({ orgService }: { orgService: OrgService }): Route {
  return defineRoute({
    method: 'get',
    path: '/whoami',
    tag: 'Orgs',
    summary: 'Say what this key is: its org, its permissions, and who is recorded as the actor',
    access: 'any',
    responses: { 200: { description: 'The caller.', schema: whoamiSchema } },
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
