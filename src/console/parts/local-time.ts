/**
 * A time as `datetime-local` sends it, in the reader's zone, which the script finds and sends along; UTC without one.
 * @param offset the zone's, in minutes as `Date.getTimezoneOffset` has it
 * @returns what the API takes; what was typed where that is no time
 */
export function typedTime(typed: string, offset: string): string {
  const offsetMs = /^-?\d{1,4}$/.test(offset) ? Number(offset) * 60_000 : 0;
  const ms = Date.parse(`${typed}Z`) + offsetMs;
  return Number.isFinite(ms) && Math.abs(ms) < 8e15 ? new Date(ms).toISOString() : typed;
}
