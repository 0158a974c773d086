import { z } from 'zod';
import { severities } from '../../lib/severity.js';
import { escalationKinds } from '../model.js';

const match = {
  type: 'object',
  additionalProperties: true,
  description:
    'A condition on the data of an `event.created`, as MongoDB has them: fields, with dots, and `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, `$lte`, `$in`, `$nin`, `$exists`, `$not`, `$and`, `$or`, `$nor`. At most 8 levels and 100 nodes. `{}` is every event.',
  example: { 'gateway.environment': 'production', risk: { $gte: 80 } },
} as const;

const severity = z.enum(severities);
const kind = z.enum(escalationKinds);

const policyInput = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
      .optional()
      .meta({ description: 'Made when it is left out.' }),
    name: z.string().min(1).max(200),
    enabled: z.boolean().default(true),
    // Not parsed: what is wrong with it is said by `matchProblems`, and a copy would lose a `__proto__` unseen.
    match: z.unknown().meta({ override: match }),
    severity,
    title: z.string().min(1).max(500).nullable().default(null).meta({
      description: "The escalation's title; without one it is made of the event.",
    }),
    kind: kind.default('review'),
  })
  .meta({ id: 'EscalationPolicyInput' });

export type PolicyInput = z.output<typeof policyInput>;

export const replacePoliciesBody = z
  .strictObject({ policies: z.array(policyInput).max(100) })
  .meta({ id: 'EscalationPoliciesReplace' });

const policySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    match: z.unknown().meta({ override: match }),
    severity,
    title: z.string().nullable(),
    kind,
  })
  .meta({ id: 'EscalationPolicy' });

export const policiesSchema = z.object({ policies: z.array(policySchema) }).meta({ id: 'EscalationPolicies' });
