import type { DueDelivery } from './types.js';

/** The known waiting deliveries of one ordered endpoint, by event id. */
export interface Line {
  waiting: Set<string>;
  /**
   * Deliveries that were read as due since the last step. The ones that are not claimed by the next step are deferred;
   * otherwise they would be read on every poll.
   */
  due: DueDelivery[];
  isMoving: boolean;
  alarm: NodeJS.Timeout | undefined;
}

/** The oldest known waiting delivery, and how far to read for the known ones and any others between them. */
export interface Stretch {
  known: string[];
  upTo: string;
}

/** The limit of one read. */
export const maxRead = 500;
const maxKnown = 100;
const maxWaiting = 10_000;

export const newLine = (): Line => ({ waiting: new Set(), due: [], isMoving: false, alarm: undefined });

/** Notes due deliveries. Beyond the limit they are not remembered: they are deferred, and come back. */
export function noteDue(line: Line, docs: readonly DueDelivery[]): void {
  line.due.push(...docs);
  for (const { event_id } of docs) if (line.waiting.size < maxWaiting) line.waiting.add(event_id);
}

/** @returns null when no delivery is known to wait */
export function nextStretch(line: Line): Stretch | null {
  const known = [...line.waiting].sort();
  const upTo = known[Math.min(maxKnown, known.length) - 1];
  return upTo === undefined ? null : { known, upTo };
}

/** Notes which deliveries of the range are still unsettled. @param docs the unsettled ones, the oldest first */
export function noteUnsettled(line: Line, stretch: Stretch, docs: readonly DueDelivery[]): void {
  const upTo = docs.length < maxRead ? stretch.upTo : (docs.at(-1)?.event_id ?? stretch.upTo);
  const there = new Set(docs.map(({ event_id }) => event_id));
  for (const id of stretch.known) if (id <= upTo && !there.has(id)) line.waiting.delete(id);
  for (const id of there) line.waiting.add(id);
}
