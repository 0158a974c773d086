/** `attention`: it works, with less or not for long. `bad`: something does not work, or will not when it counts. */
export type FindingStatus = 'ok' | 'attention' | 'bad';

/** One thing that was looked at. */
export interface Finding {
  /** Stable, for programs: `mongodb.indexes`. What stands before the dot is its area. */
  id: string;
  status: FindingStatus;
  /** What was found. */
  detail: string;
  /** What to do; null where there is nothing. */
  todo: string | null;
}

export const ok = (id: string, detail: string): Finding => ({ id, status: 'ok', detail, todo: null });

export const attention = (id: string, detail: string, todo: string): Finding => ({
  ...{ id, status: 'attention', detail, todo },
});

export const bad = (id: string, detail: string, todo: string): Finding => ({ id, status: 'bad', detail, todo });

const many = 5;

/** A list that stays readable: the first few, and how many more there are. */
export function few(items: readonly string[]): string {
  const rest = items.length - many;
  return rest > 0 ? `${items.slice(0, many).join(', ')} and ${rest} more` : items.join(', ');
}

/** `1 secret`, `2 secrets`. */
export const count = (number: number, one: string, more = `${one}s`): string =>
  `${number} ${number === 1 ? one : more}`;

/** What went wrong, in one line. */
export function reason(error: unknown): string {
  const cause =
    error instanceof Error && error.cause instanceof Error && error.message === 'fetch failed' ? error.cause : error;
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}
