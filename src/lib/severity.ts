/** The severities of the governance product, least first. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** A severity in a tracker's terms: a word, or ServiceNow's pair. */
export type MappedSeverity = string | { impact: string | number; urgency: string | number };
