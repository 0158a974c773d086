export interface RememberOptions<T> {
  read: () => Promise<T>;
  /** An answer is good for this long, and for ten times as long as it took: what is dear is asked for rarely. */
  freshMs: number;
  /** Who waits longer gets null, and the answer serves those after it. */
  waitMs?: number;
  /** Milliseconds; tests have a clock of their own. */
  now?: () => number;
}

const costs = 10;

/** Shares one answer among all who ask while it is fresh. @returns null when there is none: it failed, or takes too long */
export function remember<T>(options: RememberOptions<T>): () => Promise<T | null> {
  const { read, freshMs, waitMs = 5_000, now = () => performance.now() } = options;
  let known: { value: T | null; until: number } | undefined;
  let asking: Promise<T | null> | undefined;

  function ask(): Promise<T | null> {
    const startedAt = now();
    return read()
      .catch(() => null)
      .then((value) => {
        const took = now() - startedAt;
        known = { value, until: now() + (value === null ? freshMs : Math.max(freshMs, took * costs)) };
        return value;
      })
      .finally(() => (asking = undefined));
  }

  return async () => {
    if (known && now() < known.until) return known.value;
    asking ??= ask();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, waitMs, null);
    });
    return Promise.race([asking, late]).finally(() => clearTimeout(timer));
  };
}
