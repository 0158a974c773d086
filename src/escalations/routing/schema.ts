import { z } from 'zod';
import { type MappedSeverity, severities, type Severity } from '../../lib/severity.js';
import { defaultRouting } from './routing.js';

const severity = z.enum(severities);

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

const mappedSeverity: z.ZodType<MappedSeverity> = z
  .union([
    z.string('must be a text, or an object with impact and urgency').min(1).max(100),
    z.strictObject({ impact: level, urgency: level }),
  ])
  .meta({ id: 'MappedSeverity', description: "A severity in the tracker's terms: a word, or ServiceNow's pair." });

const minutes = z.number().int().min(1).max(525_600).nullable();

const slaInput = z
  .strictObject({ acknowledge_minutes: minutes.default(null), resolve_minutes: minutes.default(null) })
  .refine((sla) => sla.acknowledge_minutes !== null || sla.resolve_minutes !== null, {
    error: 'must hold acknowledge_minutes, resolve_minutes, or both',
  })
  .meta({ id: 'EscalationSlaInput' });

const { ticket, on_resolve } = defaultRouting;
const onResolve = z
  .enum(['comment', 'close'])
  .meta({ description: 'What a resolution does to the ticket: `close` comments on it too.' });

export const replaceRoutingBody = z
  .strictObject({
    ticket: z
      .strictObject({
        enabled: z.boolean().default(ticket.enabled),
        min_severity: severity.default(ticket.min_severity),
        connection_id: z
          .string()
          .min(1)
          .max(64)
          .nullable()
          .default(null)
          .meta({ description: "One of the org's connections; null: its default one, or the deployment's." }),
      })
      .default(ticket),
    severity_map: bySeverity(mappedSeverity).default({}).meta({ description: 'Severities left out go as they are.' }),
    on_resolve: onResolve.default(on_resolve),
    sla: bySeverity(slaInput).default({}).meta({ description: 'A severity left out has no clocks.' }),
  })
  .meta({ id: 'EscalationRoutingReplace' });

export type RoutingInput = z.output<typeof replaceRoutingBody>;

const sla = z.object({ acknowledge_minutes: minutes, resolve_minutes: minutes }).meta({ id: 'EscalationSla' });

export const routingSchema = z
  .object({
    ticket: z.object({ enabled: z.boolean(), min_severity: severity, connection_id: z.string().nullable() }),
    severity_map: bySeverity(mappedSeverity),
    on_resolve: onResolve,
    sla: bySeverity(sla),
  })
  .meta({ id: 'EscalationRouting' });
