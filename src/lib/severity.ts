import { z } from 'zod';

/** The severities of the governance product, least first. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const severitySchema = z.enum(severities).meta({ id: 'Severity', description: 'How severe it is.' });

/** A severity in a tracker's terms: a word, or ServiceNow's pair. */
export type MappedSeverity = string | { impact: string | number; urgency: string | number };
