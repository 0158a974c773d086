import type { Route } from '../../http/route.js';
import { settingsRoutes } from '../../auth/settings/routes.js';
import { presentPolicies } from './presenter.js';
import { policiesExample, policiesSchema, replacePoliciesBody, replacePoliciesExample } from './schema.js';
import type { PolicyService } from './service.js';

export function policyRoutes({ policyService }: { policyService: PolicyService }): Route[] {
  return settingsRoutes({
    name: 'escalation_policies',
    path: '/orgs/{org}/escalation-policies',
    tag: 'Escalations',
    body: replacePoliciesBody,
    bodyExample: replacePoliciesExample,
    schema: policiesSchema,
    example: policiesExample,
    get: {
      id: 'getEscalationPolicies',
      summary: 'Get the escalation policies',
      description:
        'In the order in which they are asked. The first policy that matches an event raises one escalation.',
      answer: 'All policies.',
      handler: policyService.get,
    },
    put: {
      id: 'replaceEscalationPolicies',
      summary: 'Replace the escalation policies',
      description: 'Policies that the body does not hold are deleted. An `id` that is given is kept.',
      answer: 'All policies as they are now.',
      handler: (org, { policies }, by) => policyService.replace(org, policies, by),
    },
    present: presentPolicies,
  });
}
