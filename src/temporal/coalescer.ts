interface Entry {
  highest: number;
  done: Promise<unknown>;
}

/**
 * Runs one call per key at a time. Calls that arrive during it share the next one, which asks for the highest number.
 * Temporal limits the updates in flight per workflow, and one drain answers all callers that came before it.
 */
export function createCoalescer() {
  const running = new Map<string, Entry>();
  const next = new Map<string, Entry>();

  function begin(key: string, entry: Entry, call: (highest: number) => Promise<unknown>): void {
    running.set(key, entry);
    // A call that throws instead of failing must not block its key for ever.
    const called = async () => call(entry.highest);
    entry.done = called().finally(() => {
      if (running.get(key) === entry) running.delete(key);
    });
  }

  function join(key: string, number: number, call: (highest: number) => Promise<unknown>): Promise<unknown> {
    const current = running.get(key);
    if (!current) {
      const entry: Entry = { highest: number, done: Promise.resolve() };
      begin(key, entry, call);
      return entry.done;
    }
    // It asks for this very command already, or for a later one.
    if (current.highest >= number) return current.done;
    const queued = next.get(key);
    if (queued) {
      queued.highest = Math.max(queued.highest, number);
      return queued.done;
    }
    const entry: Entry = { highest: number, done: Promise.resolve() };
    next.set(key, entry);
    entry.done = current.done
      .catch(() => undefined)
      .then(() => {
        next.delete(key);
        begin(key, entry, call);
        return entry.done;
      });
    return entry.done;
  }

  return {
    /** Runs or joins a call for `key` that covers `number`, and stops waiting after `waitMs`. */
    async run(key: string, number: number, waitMs: number, call: (highest: number) => Promise<unknown>): Promise<void> {
      let timer: NodeJS.Timeout | undefined;
      const timeUp = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, waitMs);
      });
      await Promise.race([join(key, number, call), timeUp]).finally(() => clearTimeout(timer));
    },
  };
}
