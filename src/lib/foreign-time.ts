const isoLike =
  /^(\d{4}-\d\d-\d\d)(?:[T\s]+(\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?)?\s*(?:(Z|UTC|GMT)|([+-]\d\d)(?::?(\d\d))?)?$/i;
const rfc2822 = /^(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC)$/i;

/** Epoch times below this are in seconds; as milliseconds they would lie in 1973 or before. */
const minEpochMs = 100_000_000_000;

/**
 * Reads a time in the forms that other systems send: ISO 8601 with `T` or a blank, with `Z`, `+00:00`, `+0000` or `+00`, or
 * without a zone (read as UTC); RFC 2822; and Unix times in seconds or milliseconds.
 * @returns null for anything else
 */
export function parseForeignTime(value: unknown): Date | null {
  if (typeof value === 'number') return valid(new Date(Math.abs(value) < minEpochMs ? value * 1_000 : value));
  if (typeof value !== 'string' || value.length > 64) return null;
  const text = value.trim();
  if (/^\d{9,13}$/.test(text)) return parseForeignTime(Number(text));
  const iso = isoLike.exec(text);
  if (iso) {
    const [, date = '', time = '00:00', fraction = '0', , hours, minutes = '00'] = iso;
    const seconds = time.length === 5 ? `${time}:00` : time;
    const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
    return valid(new Date(`${date}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`));
  }
  return rfc2822.test(text) ? valid(new Date(text)) : null;
}

const valid = (time: Date): Date | null => (Number.isNaN(time.getTime()) ? null : time);
