const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number) => String(number).padStart(2, '0');
const clock = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}`;

/** For tables: as short as is clear, in the reader's zone. `14:03:22` today, `3 May 14:03` this year, else `3 May 2024`. */
export function shortTime(iso: string | null | undefined, now: Date): string {
  const at = dateOf(iso);
  if (at === null) return '–';
  const day = `${at.getDate()} ${months[at.getMonth()] ?? ''}`;
  if (at.getFullYear() !== now.getFullYear()) return `${day} ${at.getFullYear()}`;
  const isToday = at.getMonth() === now.getMonth() && at.getDate() === now.getDate();
  return isToday ? `${clock(at)}:${two(at.getSeconds())}` : `${day} ${clock(at)}`;
}

/** For a single thing: exact, with how far away it is. `2026-05-03 14:03:22 (5 min ago)`. */
export function fullTime(iso: string | null | undefined, now: Date): string {
  const at = dateOf(iso);
  if (at === null) return '–';
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${clock(at)}:${two(at.getSeconds())} (${distance(iso, now)})`;
}

/** `in 4 min`, `3 h ago`; a dash for no time. */
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

/** A time of ISO 8601 (a date alone is its midnight here), or how long ago: `90m`, `24h`, `7d`; null for anything else. */
export function parseMoment(text: string, now: Date): Date | null {
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
