import type { Unmet } from '../../escalations/policies/trial.js';
import type { MappedSeverity } from '../../lib/severity.js';
import { jsonLine } from '../forms/json.js';
import { durationText } from '../parts/time.js';

/** A severity in the tracker's terms. */
export const mappedSeverityText = (mapped: MappedSeverity): string =>
  typeof mapped === 'string' ? mapped : `impact ${mapped.impact}, urgency ${mapped.urgency}`;

export const deadlineText = (minutes: number | null | undefined): string =>
  minutes === null || minutes === undefined ? 'no deadline' : durationText(minutes * 60_000);

const requirements: Record<string, (operand: string) => string> = {
  $eq: (operand) => `must be ${operand}`,
  $ne: (operand) => `must not be ${operand}`,
  $gt: (operand) => `must be more than ${operand}`,
  $gte: (operand) => `must be ${operand} or more`,
  $lt: (operand) => `must be less than ${operand}`,
  $lte: (operand) => `must be ${operand} or less`,
  $in: (operand) => `must be one of ${operand}`,
  $nin: (operand) => `must be none of ${operand}`,
  $exists: (operand) => (operand === 'true' ? 'must be present' : 'must be absent'),
  $not: (operand) => `must not be ${operand}`,
};

const maxValueLength = 80;
const maxElements = 4;

/** Why a condition doesn't hold, to follow the field's name: `must be 80 or more; it is 40`. */
export function unmetText({ field, operator, operand, found: values }: Unmet): string {
  if (field === null) {
    const count = Array.isArray(operand) ? operand.length : 0;
    return operator === '$or' ? `none of its ${count} conditions holds` : `one of its ${count} conditions holds`;
  }
  const requirement = requirements[operator]?.(jsonLine(operand, maxValueLength)) ?? operator;
  return `${requirement}; ${values.length === 0 ? 'it is missing' : `it is ${values.map(valueText).join(', ')}`}`;
}

/** Conditions compare plain values only, so for other values the type is enough. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, maxElements).filter(isPlain).map(valueText);
    return shown.length === 0
      ? `a list of ${value.length}`
      : `[${shown.join(', ')}${value.length > maxElements ? ', …' : ''}]`;
  }
  if (!isPlain(value)) return 'an object';
  return typeof value === 'string' ? jsonLine(value.slice(0, maxValueLength), maxValueLength) : String(value);
}

const isPlain = (value: unknown) => typeof value !== 'object' || value === null;
