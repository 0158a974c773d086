import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { severitySchema } from '../../lib/severity.js';
import { kindSchema } from '../schema.js';

const match = {
  type: 'object',
  additionalProperties: true,
  description:
    'A condition on the `data` of an `event.created`, in the language of MongoDB: field paths with dots, and `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, `$lte`, `$in`, `$nin`, `$exists`, `$not`, `$and`, `$or`, `$nor`. At most 8 levels and 100 nodes. `{}` matches every event.',
  examples: [{ 'gateway.environment': 'production', risk: { $gte: 80 } }] as unknown[],
} as const;

const policyInput = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
      .optional()
      .meta({ description: 'The id of the policy. Left out: a new one is made.' }),
    name: z.string().min(1).max(200).meta({ description: 'The name, for people.' }),
    enabled: z.boolean().default(true).meta({ description: 'Whether it is asked.' }),
    // Not parsed: what is wrong with it is said by `matchProblems`, and a copy would lose a `__proto__` unseen.
    match: z.unknown().meta({ override: match }),
    severity: severitySchema,
    title: z.string().min(1).max(500).nullable().default(null).meta({
      description: 'The title of the escalation; without one it is made of the event.',
    }),
    kind: kindSchema.default('review'),
  })
  .meta({ id: 'EscalationPolicyInput', description: 'A policy that raises escalations.' });

export type PolicyInput = z.output<typeof policyInput>;

export const replacePoliciesBody = z
  .strictObject({
    policies: z
      .array(policyInput)
      .max(100)
      .meta({ description: 'All policies, in the order in which they are asked.' }),
  })
  .meta({ id: 'EscalationPoliciesReplace', description: 'The policies of an org, all of them.' });

const policySchema = z
  .object({
    id: z.string().meta({ description: 'The id of the policy.' }),
    name: z.string().meta({ description: 'The name, for people.' }),
    enabled: z.boolean().meta({ description: 'Whether it is asked.' }),
    match: z.unknown().meta({ override: match }),
    severity: severitySchema,
    title: z.string().nullable().meta({ description: 'The title of the escalation; null: it is made of the event.' }),
    kind: kindSchema,
  })
  .meta({ id: 'EscalationPolicy', description: 'A policy that raises escalations.' });

export const policiesSchema = z
  .object({
    policies: z.array(policySchema).meta({ description: 'All policies, in the order in which they are asked.' }),
  })
  .meta({ id: 'EscalationPolicies', description: 'The policies of an org.' });

const policyExample = {
  name: 'Risky prompts in production',
  match: { 'gateway.environment': 'production', risk: { $gte: 80 } },
  severity: 'high' as const,
};

export const replacePoliciesExample: z.input<typeof replacePoliciesBody> = { policies: [policyExample] };

export const policiesExample: z.input<typeof policiesSchema> = {
  policies: [{ id: example.policy, ...policyExample, enabled: true, title: null, kind: 'review' }],
};
