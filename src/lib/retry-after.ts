const maxMs = 24 * 60 * 60 * 1000;

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3).
 * @param header seconds, or an HTTP date; of several the first counts
 * @param nowMs what a date is measured from
 * @returns milliseconds from now, 0 for a date that has passed, 24 hours at most; null when absent or unreadable
 */
export function retryAfterMs(header: string | string[] | undefined, nowMs: number = Date.now()): number | null {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!value) return null;
  // Some send a fraction; a bare number would otherwise pass as a year for Date.parse.
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.ceil(Number(value) * 1000), maxMs);
  // All three forms of an HTTP date begin with the name of a day.
  const at = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(at - nowMs, 0), maxMs);
}
