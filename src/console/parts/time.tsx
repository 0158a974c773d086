/** Milliseconds to words: `12 s`, `4 min`, `3 h`, `5 d`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** `4 min ago`, `in 4 min`. */
export function relativeWords(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  return ms > 0 ? `in ${durationWords(ms)}` : `${durationWords(-ms)} ago`;
}

/** A moment, relative; the script keeps it moving, and puts the exact time in the reader's zone into its title. */
export function Time({ at, now = new Date() }: { at: Date; now?: Date }) {
  const iso = at.toISOString();
  return (
    <time dateTime={iso} title={iso} data-relative>
      {relativeWords(at, now)}
    </time>
  );
}

/** A clock that runs out: `12 min left`, `overdue 3 min`. */
export function Countdown({ until, now = new Date() }: { until: Date; now?: Date }) {
  const ms = until.getTime() - now.getTime();
  const iso = until.toISOString();
  return (
    <time dateTime={iso} title={iso} data-countdown class={ms < 0 ? 'overdue' : undefined}>
      {ms < 0 ? `overdue ${durationWords(-ms)}` : `${durationWords(ms)} left`}
    </time>
  );
}
