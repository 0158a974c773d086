import type { Route } from '../../http/route.js';
import { settingsRoutes } from '../../auth/settings/routes.js';
import { presentPolicies } from './presenter.js';
import { policiesSchema, replacePoliciesBody } from './schema.js';
import type { PolicyService } from './service.js';

export function policyRoutes({ policyService }: { policyService: PolicyService }): Route[] {
  return settingsRoutes({
    path: '/orgs/{org}/escalation-policies',
    tag: 'Escalations',
    body: replacePoliciesBody,
    schema: policiesSchema,
    get: {
      summary: 'Show the policies that make escalations of events',
      description: 'In the order in which they are asked: the first match raises one escalation.',
      answer: 'All policies.',
      handler: policyService.get,
    },
    put: {
      summary: 'Replace the policies',
      description: 'Policies that it does not name end; an `id` that is given is kept.',
      answer: 'All policies as they are now.',
      handler: (org, { policies }, by) => policyService.replace(org, policies, by),
    },
    present: presentPolicies,
  });
}
