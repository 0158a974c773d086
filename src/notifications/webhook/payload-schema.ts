import { z } from 'zod';
import { severitySchema } from '../../lib/severity.js';

const nullable = (description: string) => z.string().nullable().meta({ description });
const maybe = (description: string) => z.string().nullish().meta({ description });

const gatewaySchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the gateway.' }),
    name: maybe('The name of the gateway.'),
    environment: maybe('Where it runs.'),
  })
  .meta({ id: 'NotifiedGateway', description: 'The gateway where it happened.' });

const actorSchema = z
  .strictObject({
    id: maybe('The id of the actor.'),
    name: maybe('The name of the actor.'),
    email: maybe('The e-mail address of the actor.'),
    type: maybe('What the actor is.'),
  })
  .meta({ id: 'NotifiedActor', description: 'Who did what was escalated.' });

const policySchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the policy.' }),
    name: z.string().meta({ description: 'The name of the policy.' }),
  })
  .meta({ id: 'NotifiedPolicy', description: 'The policy that raised it.' });

/** The `data` of a notification about an escalation. */
export const notifiedEscalationSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the escalation.' }),
    title: z.string().meta({ description: 'What happened, in one line.' }),
    severity: severitySchema,
    kind: z.enum(['review', 'approval']).meta({ description: 'What is asked of the reviewer.' }),
    status: z.enum(['open', 'claimed', 'resolved']).meta({ description: 'Where it stands in the review queue.' }),
    reason: nullable('Why it is escalated.'),
    gateway: gatewaySchema.nullable().meta({ description: 'The gateway where it happened.' }),
    actor: actorSchema.nullable().meta({ description: 'Who did what was escalated.' }),
    policy: policySchema.nullable().meta({ description: 'The policy that raised it.' }),
    claimed_by: nullable('The name of the person who has claimed it.'),
    resolution: nullable('What was decided.'),
    resolved_by: nullable('The name of the person who decided.'),
    breached: z
      .enum(['acknowledge', 'resolve'])
      .nullable()
      .meta({ description: 'Which limit of time has passed; null: none.' }),
    review_url: z.string().meta({ description: 'The page where it is reviewed.' }),
    ticket_url: nullable('The page of its ticket.'),
  })
  .meta({ id: 'NotifiedEscalation', description: 'The escalation that people are notified of.' });

/** Of a `budget.threshold_reached`: passed on as it was ingested. */
export const notifiedBudgetSchema = z
  .strictObject({
    wallet_id: z.unknown().optional().meta({ description: 'The id of the wallet.' }),
    threshold_percent: z.unknown().optional().meta({ description: 'The threshold that was reached, in percent.' }),
    spent: z.unknown().optional().meta({ description: 'What was spent so far.' }),
    limit: z.unknown().optional().meta({ description: 'The budget.' }),
    currency: z.unknown().optional().meta({ description: 'The currency.' }),
    period: z.unknown().optional().meta({ description: 'What the budget is for.' }),
  })
  .meta({ id: 'NotifiedBudget', description: 'The budget that people are notified of, as it was ingested.' });

export const testDataSchema = z
  .strictObject({ test: z.literal(true).meta({ description: 'Always true.' }) })
  .meta({ id: 'NotifiedTest', description: 'A test: nothing has happened.' });
