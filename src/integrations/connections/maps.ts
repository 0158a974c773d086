import { z } from 'zod';
import { evidenceStatuses } from '../evidence-status.js';
import { type MappedSeverity, severities, type Severity } from '../../lib/severity.js';
import { jsonTextOf, parseJsonExactly } from '../../lib/json/index.js';

export type SeverityMap = Partial<Record<Severity, MappedSeverity>>;
/** A tracker's status to one of an evidence request's. */
export type StatusMap = Record<string, (typeof evidenceStatuses)[number]>;

const bySeverity = <S extends z.ZodType>(value: S) =>
  z.strictObject(
    Object.fromEntries(severities.map((name) => [name, value.optional()])) as Record<Severity, z.ZodOptional<S>>,
  );

const word = z.string('must be a text').min(1).max(100).meta({ description: 'The word of the tracker for it.' });
const level = z.union([z.number('must be a whole number from 1 to 3').int().min(1).max(3), z.enum(['1', '2', '3'])]);
const pair = z
  .strictObject({
    impact: level.meta({ description: 'The impact, from 1 to 3.' }),
    urgency: level.meta({ description: 'The urgency, from 1 to 3.' }),
  })
  .meta({ id: 'ConnectionImpactAndUrgency', description: 'A severity in the terms of ServiceNow.' });

/** In each tracker's own terms. */
export const severityMaps = {
  webhook: bySeverity(z.union([word, pair]).meta({ description: 'In the terms of the tracker.' })).meta({
    id: 'ConnectionWebhookSeverityMap',
    description: 'Each severity in the terms of the tracker.',
  }),
  jira: bySeverity(word).meta({
    id: 'ConnectionJiraSeverityMap',
    description: 'Each severity as a priority of Jira.',
    examples: [{ critical: 'Highest' }],
  }),
  servicenow: bySeverity(pair).meta({
    id: 'ConnectionServiceNowSeverityMap',
    description: 'Each severity as impact and urgency.',
    examples: [{ critical: { impact: 1, urgency: 1 } }],
  }),
};

/**
 * An object of any names; not zod's record, which drops `__proto__` without a word.
 * @param fault says what is wrong with an entry; null when nothing is
 */
function anyNames<V>(max: number, fault: (name: string, value: unknown) => string | null) {
  return z
    .custom<Record<string, V>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
      error: 'must be an object',
    })
    .superRefine((given, context) => {
      const entries = Object.entries(given);
      if (entries.length > max) context.addIssue({ code: 'custom', message: `must have ${max} entries at most` });
      for (const [name, value] of entries.slice(0, max)) {
        const message = fault(name, value);
        if (message !== null) context.addIssue({ code: 'custom', path: [name], message });
      }
    });
}

export const statusMap = anyNames<StatusMap[string]>(100, (remote, ours) => {
  if (!/^[^\p{Cc}\p{Cs}]{1,100}$/u.test(remote)) return 'is no name of a status';
  return (evidenceStatuses as readonly unknown[]).includes(ours)
    ? null
    : `must be one of ${evidenceStatuses.join(', ')}`;
}).meta({
  override: {
    type: 'object',
    additionalProperties: { type: 'string', enum: [...evidenceStatuses] },
    maxProperties: 100,
  },
  description:
    'Statuses of the tracker, by name or id, and what each makes of an evidence request. Other statuses leave it as it is.',
  examples: [{ Done: 'accepted' }],
});

const maxFieldBytes = 4 * 1024;

/** The size of a value as JSON; infinite where it nests more deeply than the stack allows. */
function jsonBytes(value: unknown): number {
  try {
    return Buffer.byteLength(jsonTextOf(value));
  } catch (error) {
    if (error instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

export const fieldMap = anyNames<unknown>(50, (field, value) => {
  // In front of two underscores would be `__proto__`, and no tracker's field.
  if (!/^(?!__)[A-Za-z_][\w.-]{0,99}$/.test(field)) return 'is no name of a field';
  return jsonBytes(value) > maxFieldBytes ? 'must be 4 KiB of JSON at most' : null;
}).meta({
  override: { type: 'object', additionalProperties: true, maxProperties: 50 },
  description:
    'Fields of the tracker that each new ticket gets: any JSON, 4 KiB each. In its strings `{title}`, `{url}`, `{severity}`, `{gateway}`, `{actor}`, `{policy}`, `{reason}`, `{subject_type}`, `{subject_id}` and `{org_id}` are replaced.',
  examples: [{ customfield_10010: '{gateway}' }],
});

/** Read back from a JSON text; without a prototype, so that no status is called `constructor` by accident. */
export const readMap = <T>(text: string): Record<string, T> =>
  Object.assign(Object.create(null) as Record<string, T>, parseJsonExactly(text) as Record<string, T>);
