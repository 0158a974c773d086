const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const twoDigits = (number: number) => String(number).padStart(2, '0');
const clock = (at: Date) => `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;

/** A short time in the local time zone, for tables: `14:03:22` today, `3 May 14:03` this year, else `3 May 2024`. */
export function shortTime(iso: string | null | undefined, now: Date): string {
  const at = dateOf(iso);
  if (at === null) return '–';
  const day = `${at.getDate()} ${months[at.getMonth()] ?? ''}`;
  if (at.getFullYear() !== now.getFullYear()) return `${day} ${at.getFullYear()}`;
  const isToday = at.getMonth() === now.getMonth() && at.getDate() === now.getDate();
  return isToday ? `${clock(at)}:${twoDigits(at.getSeconds())}` : `${day} ${clock(at)}`;
}

/** An exact local time and its distance from now: `2026-05-03 14:03:22 (5 min ago)`. */
export function fullTime(iso: string | null | undefined, now: Date): string {
  const at = dateOf(iso);
  if (at === null) return '–';
  const date = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
  return `${date} ${clock(at)}:${twoDigits(at.getSeconds())} (${distance(iso, now)})`;
}

/** `in 4 min`, `3 h ago`; a dash when there is no time. */
export function distance(iso: string | null | undefined, now: Date): string {
  const at = dateOf(iso);
  if (at === null) return '–';
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  const amount =
    size < 90
      ? `${size} s`
      : size < 5_400
        ? `${Math.round(size / 60)} min`
        : size < 172_800
          ? `${Math.round(size / 3_600)} h`
          : `${Math.round(size / 86_400)} d`;
  return seconds > 0 ? `in ${amount}` : `${amount} ago`;
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses an ISO 8601 time (a date alone is local midnight) or a time ago (`90m`, `24h`, `7d`); null for anything else. */
export function parseTime(text: string, now: Date): Date | null {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined)
    return new Date(now.getTime() - Number(amount) * (unitsMs[unit] ?? 0));
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return null;
  return dateOf(text.length === 10 ? `${text}T00:00` : text);
}

function dateOf(text: string | null | undefined): Date | null {
  const at = new Date(text ?? NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}
