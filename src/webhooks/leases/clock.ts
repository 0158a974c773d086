import { performance } from 'node:perf_hooks';

/** A moment on both of this machine's clocks. */
export interface Moment {
  /** Milliseconds that nobody sets; it stands still while the machine is suspended. */
  monotonic: number;
  /** Milliseconds since 1970; it goes on, and may be set. */
  wall: number;
}

export const momentNow = (): Moment => ({ monotonic: performance.now(), wall: Date.now() });

/** Whether this much time has passed on either clock: of the two, the one that says so is believed. */
export function hasPassed(since: Moment, ms: number, now = momentNow()): boolean {
  return now.monotonic - since.monotonic >= ms || now.wall - since.wall >= ms;
}
