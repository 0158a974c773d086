import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { type MappedSeverity, severities, severitySchema, type Severity } from '../../lib/severity.js';
import { defaultRouting } from './routing.js';

/** An object with one field a severity, each of which may be left out. */
const bySeverity = <S extends z.ZodType>(value: S) =>
  z.strictObject(
    Object.fromEntries(severities.map((name) => [name, value.optional()])) as Record<Severity, z.ZodOptional<S>>,
  );

// A union's first branch speaks for both, where neither is nearer.
const level = z.union([
  z.string('must be a text or a whole number from 1 to 9').min(1).max(20),
  z.number().int().min(1).max(9),
]);

const levelPair = z
  .strictObject({
    impact: level.meta({ description: 'The impact in ServiceNow.' }),
    urgency: level.meta({ description: 'The urgency in ServiceNow.' }),
  })
  .meta({ id: 'ImpactAndUrgency', description: 'A severity in the terms of ServiceNow.' });

export const mappedSeverity: z.ZodType<MappedSeverity> = z
  .union([z.string('must be a text, or an object with impact and urgency').min(1).max(100), levelPair])
  .meta({
    id: 'MappedSeverity',
    description: 'A severity in the terms of the tracker: a word, or impact and urgency.',
  });

const minutes = (description: string) => z.number().int().min(1).max(525_600).nullable().meta({ description });
const acknowledgeMinutes = minutes('Minutes in which it must be claimed; null: no limit.');
const resolveMinutes = minutes('Minutes in which it must be resolved; null: no limit.');

const slaInput = z
  .strictObject({
    acknowledge_minutes: acknowledgeMinutes.default(null),
    resolve_minutes: resolveMinutes.default(null),
  })
  .refine((sla) => sla.acknowledge_minutes !== null || sla.resolve_minutes !== null, {
    error: 'must hold acknowledge_minutes, resolve_minutes, or both',
  })
  .meta({ id: 'EscalationSlaInput', description: 'The limits of time for a severity. At least one is needed.' });

const { ticket, on_resolve } = defaultRouting;
const onResolve = z
  .enum(['comment', 'close'])
  .meta({ description: 'What a resolution does to the ticket. `close` comments on it, too.' });

const enabledField = z.boolean().meta({ description: 'Whether escalations get a ticket by themselves.' });
const minSeverity = severitySchema.meta({ description: 'The least severity that gets a ticket.' });
const connectionDescription = 'A connection of the org; null: its default one, or the tracker of the deployment.';

const ticketInput = z
  .strictObject({
    enabled: enabledField.default(ticket.enabled),
    min_severity: minSeverity.default(ticket.min_severity),
    connection_id: z.string().min(1).max(64).nullable().default(null).meta({ description: connectionDescription }),
  })
  .meta({ id: 'EscalationRoutingTicketInput', description: 'Which escalations get a ticket, and where.' });

const severityMap = bySeverity(mappedSeverity).meta({
  id: 'EscalationSeverityMap',
  description: 'Each severity in the terms of the tracker.',
});

export const replaceRoutingBody = z
  .strictObject({
    ticket: ticketInput.default(ticket),
    severity_map: severityMap.default({}).meta({
      description: 'Each severity in the terms of the tracker. A severity that is left out is sent as it is.',
    }),
    on_resolve: onResolve.default(on_resolve),
    sla: bySeverity(slaInput)
      .meta({ id: 'EscalationSlaMapInput', description: 'The limits of time, by severity.' })
      .default({})
      .meta({ description: 'A severity that is left out has no limits of time.' }),
  })
  .meta({
    id: 'EscalationRoutingReplace',
    description: 'Where escalations go. A part that is left out has its default.',
  });

export type RoutingInput = z.output<typeof replaceRoutingBody>;

const sla = z
  .object({ acknowledge_minutes: acknowledgeMinutes, resolve_minutes: resolveMinutes })
  .meta({ id: 'EscalationRoutingSla', description: 'The limits of time for a severity.' });

const ticketSchema = z
  .object({
    enabled: enabledField,
    min_severity: minSeverity,
    connection_id: z.string().nullable().meta({ description: connectionDescription }),
  })
  .meta({ id: 'EscalationRoutingTicket', description: 'Which escalations get a ticket, and where.' });

export const routingSchema = z
  .object({
    ticket: ticketSchema,
    severity_map: severityMap,
    on_resolve: onResolve,
    sla: bySeverity(sla).meta({ id: 'EscalationSlaMap', description: 'The limits of time, by severity.' }),
  })
  .meta({ id: 'EscalationRouting', description: 'Where escalations go, and how soon they must be dealt with.' });

export const routingExample: z.input<typeof routingSchema> & z.input<typeof replaceRoutingBody> = {
  ticket: { enabled: true, min_severity: 'high', connection_id: example.connection },
  severity_map: { critical: 'Highest', high: 'High' },
  on_resolve: 'close',
  sla: { critical: { acknowledge_minutes: 15, resolve_minutes: 240 } },
};
