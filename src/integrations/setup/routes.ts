import { z } from 'zod';
import { defineRoute, type Route } from '../../http/route.js';
import { orgParams } from '../../http/schema.js';
import type { SetupCheck } from './readiness.js';

export const readinessSchema = z
  .object({
    ready: z.boolean().describe('Nothing is missing; what wants attention may remain.'),
    checks: z.array(
      z.object({
        id: z.string(),
        status: z.enum(['ready', 'attention', 'missing']),
        detail: z.string(),
        missing: z.array(z.string()).describe('Environment keys to set.'),
      }),
    ),
  })
  .meta({ id: 'SetupReadiness' });

/** @param check what an org has set up */
export function setupRoutes({ check }: { check: (orgId: string) => Promise<SetupCheck[]> }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/orgs/{org}/setup/readiness',
      tag: 'Setup',
      summary: 'Say what is set up, and what is to do',
      access: 'read',
      params: orgParams,
      responses: { 200: { description: 'The checks.', schema: readinessSchema } },
      handler: async ({ params }) => {
        const checks = await check(params.org);
        return { status: 200, body: { ready: checks.every(({ status }) => status !== 'missing'), checks } };
      },
    }),
  ];
}
