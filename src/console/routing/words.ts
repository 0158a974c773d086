import type { MappedSeverity } from '../../lib/severity.js';
import { durationWords } from '../parts/time.js';

/** A severity in the tracker's terms. */
export const mappedWords = (mapped: MappedSeverity): string =>
  typeof mapped === 'string' ? mapped : `impact ${mapped.impact}, urgency ${mapped.urgency}`;

export const minutesWords = (minutes: number | null | undefined): string =>
  minutes === null || minutes === undefined ? 'no clock' : durationWords(minutes * 60_000);
