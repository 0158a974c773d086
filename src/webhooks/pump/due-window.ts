/**
 * How far ahead to read what is due. A database may read all that an index's bounds hold before it takes the first so many,
 * so with a backlog the bounds must hold little more than is taken.
 */
export interface DueWindow {
  /** The latest time to read up to, in milliseconds; never past now. */
  edge: (nowMs: number) => number;
  /** What reading up to the edge gave. @param times of those that were read, in milliseconds */
  note: (times: readonly number[], wasFull: boolean) => void;
}

const firstStepMs = 1_000;

export function createDueWindow(): DueWindow {
  let edge = Infinity;
  let stepMs = firstStepMs;

  return {
    edge(nowMs) {
      edge = Math.min(edge, nowMs);
      return edge;
    },
    note(times, wasFull) {
      if (wasFull) {
        // There is more before the edge: on from here, by as long a stretch as this lot came from.
        const latest = times.reduce((a, b) => Math.max(a, b), -Infinity);
        const earliest = times.reduce((a, b) => Math.min(a, b), Infinity);
        stepMs = Math.max(1, latest - earliest);
        edge = latest + stepMs;
      } else {
        stepMs *= 4;
        edge += stepMs;
      }
    },
  };
}
