import { z } from 'zod';
import { answer, defineRoute, type Route } from '../../http/route.js';
import { orgParams } from '../../http/schema.js';
import type { SetupCheck } from './readiness.js';

const setupCheckSchema = z
  .object({
    id: z.string().meta({ description: 'What was checked, such as `ticket_sync`.' }),
    status: z
      .enum(['ready', 'attention', 'missing'])
      .meta({ description: '`attention`: it works with limits. `missing`: it does not work yet.' }),
    detail: z.string().meta({ description: 'What was found, and what to do about it.' }),
    missing: z.array(z.string()).meta({ description: 'The settings of the deployment that are missing.' }),
  })
  .meta({ id: 'SetupCheck', description: 'One thing that was checked.' });

export const readinessSchema = z
  .object({
    ready: z.boolean().meta({ description: 'Whether nothing is missing. Checks that need attention may remain.' }),
    checks: z.array(setupCheckSchema).meta({ description: 'All checks.' }),
  })
  .meta({ id: 'SetupReadiness', description: 'What an org has set up.' });

/** @param check what an org has set up */
export function setupRoutes({ check }: { check: (orgId: string) => Promise<SetupCheck[]> }): Route[] {
  return [
    defineRoute({
      id: 'getSetupReadiness',
      method: 'get',
      path: '/orgs/{org}/setup/readiness',
      tag: 'Setup',
      summary: 'Get the readiness of the setup',
      description: 'What is set up for this org, and what is left to do.',
      access: 'read',
      params: orgParams,
      responses: {
        200: answer('The checks.', readinessSchema, {
          ready: true,
          checks: [
            {
              id: 'ticket_sync',
              status: 'ready',
              detail: 'Tickets go to the connection “Security board” (jira).',
              missing: [],
            },
          ],
        }),
      },
      errors: [],
      handler: async ({ params }) => {
        const checks = await check(params.org);
        return { status: 200, body: { ready: checks.every(({ status }) => status !== 'missing'), checks } };
      },
    }),
  ];
}
