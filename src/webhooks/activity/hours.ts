const hourMs = 3_600_000;
const hoursShown = 24;

/** What was tried in one hour of the clock. */
export interface Hour {
  /** When it began. */
  at: Date;
  succeeded: number;
  failed: number;
}

/** One try, or several of one hour that ended alike. */
export interface Tried {
  at: Date;
  succeeded: boolean;
  count?: number;
}

/** The last 24 hours of the clock, the oldest first, with nothing in them; the last is the one that runs. */
export function emptyHours(now: Date): Hour[] {
  const running = Math.floor(now.getTime() / hourMs) * hourMs;
  return Array.from({ length: hoursShown }, (_, index) => ({
    at: new Date(running - (hoursShown - 1 - index) * hourMs),
    ...{ succeeded: 0, failed: 0 },
  }));
}

/** Counts tries into the hours that they were made in; what is older is left out. */
export function counted(hours: readonly Hour[], tries: Iterable<Tried>): Hour[] {
  const filled = hours.map((hour) => ({ ...hour }));
  const firstMs = filled[0]?.at.getTime() ?? 0;
  for (const { at, succeeded, count = 1 } of tries) {
    const hour = filled[Math.floor((at.getTime() - firstMs) / hourMs)];
    if (!hour) continue;
    if (succeeded) hour.succeeded += count;
    else hour.failed += count;
  }
  return filled;
}

/** The nearest rank: a value that was there. @returns null of nothing */
export function p95(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
}
