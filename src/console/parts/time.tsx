/** A duration as text: `12 s`, `4 min`, `3 h`, `5 d`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** `4 min ago` or `in 4 min`. */
export function relativeText(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  return ms > 0 ? `in ${durationText(ms)}` : `${durationText(-ms)} ago`;
}

/** A time relative to now. The script keeps it current, and sets the title to the exact time in the reader's zone. */
export function Time({ at, now = new Date() }: { at: Date; now?: Date }) {
  const iso = at.toISOString();
  return (
    <time dateTime={iso} title={iso} data-relative>
      {relativeText(at, now)}
    </time>
  );
}

/** The time left until a deadline: `12 min left`, `overdue 3 min`. */
export function Countdown({ until, now = new Date() }: { until: Date; now?: Date }) {
  const ms = until.getTime() - now.getTime();
  const iso = until.toISOString();
  return (
    <time dateTime={iso} title={iso} data-countdown class={ms < 0 ? 'overdue' : undefined}>
      {ms < 0 ? `overdue ${durationText(-ms)}` : `${durationText(ms)} left`}
    </time>
  );
}
