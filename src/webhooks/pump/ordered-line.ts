import type { DueDelivery } from './types.js';

/** One ordered endpoint: what is known to wait for it, by event id. */
export interface Line {
  waiting: Set<string>;
  /** Read as due since the last look; what is not claimed by then is put off, or it would be read all the time. */
  due: DueDelivery[];
  isMoving: boolean;
  alarm: NodeJS.Timeout | undefined;
}

/** Of what is known to wait, the oldest, and where to read up to for them and for whatever else waits among them. */
export interface Stretch {
  known: string[];
  upTo: string;
}

/** At once. */
export const maxRead = 500;
const maxKnown = 100;
const maxWaiting = 10_000;

export const newLine = (): Line => ({ waiting: new Set(), due: [], isMoving: false, alarm: undefined });

/** Past so many they are not kept in mind: they are put off, and come back. */
export function noteDue(line: Line, docs: readonly DueDelivery[]): void {
  line.due.push(...docs);
  for (const { event_id } of docs) if (line.waiting.size < maxWaiting) line.waiting.add(event_id);
}

/** @returns null when nothing is known to wait */
export function nextStretch(line: Line): Stretch | null {
  const known = [...line.waiting].sort();
  const upTo = known[Math.min(maxKnown, known.length) - 1];
  return upTo === undefined ? null : { known, upTo };
}

/** What is unsettled waits, and what is no longer does not. @param docs of the stretch, the oldest first */
export function noteUnsettled(line: Line, stretch: Stretch, docs: readonly DueDelivery[]): void {
  const upTo = docs.length < maxRead ? stretch.upTo : (docs.at(-1)?.event_id ?? stretch.upTo);
  const there = new Set(docs.map(({ event_id }) => event_id));
  for (const id of stretch.known) if (id <= upTo && !there.has(id)) line.waiting.delete(id);
  for (const id of there) line.waiting.add(id);
}
