export interface GroupCommitOptions<T, R> {
  /**
   * Writes items in as few calls of the database as it can.
   * @param again part of them has been written before, in a group that failed
   * @returns an entry for each item, in their order
   * @throws what concerns the group as a whole, as far as it knows
   */
  commit: (items: readonly T[], again: boolean) => Promise<R[]>;
  /** What one item adds to a group; a group has at most `maxWeight`, or a single item. */
  weightOf: (item: T) => number;
  maxWeight: number;
  /** Whether an error would meet any other group as well: a database that is away. Groups that fail otherwise are split. */
  concernsAll: (error: unknown) => boolean;
  /** How many groups are on their way at once. */
  groupsAtOnce?: number;
  /** How long a group waits for others to join while another one is on its way. */
  patienceMs?: number;
}

interface Waiting<T, R> {
  item: T;
  weight: number;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

type Outcome<R> = { result: R } | { error: unknown };

/**
 * Writes together what comes together. What comes alone goes at once, and nobody waits for company longer than
 * `patienceMs`, unless `groupsAtOnce` are on their way. An item that cannot be written fails alone.
 */
export function createGroupCommit<T, R>(options: GroupCommitOptions<T, R>): (item: T) => Promise<R> {
  const { commit, weightOf, maxWeight, concernsAll, groupsAtOnce = 2, patienceMs = 2 } = options;
  let waiting: Waiting<T, R>[] = [];
  let weight = 0;
  let underWay = 0;
  let isNext = false;
  let patience: NodeJS.Timeout | undefined;

  /** After the reads of this turn of the event loop: what came in it comes along. */
  function goNext(): void {
    clearTimeout(patience);
    patience = undefined;
    if (isNext || waiting.length === 0 || underWay >= groupsAtOnce) return;
    isNext = true;
    setImmediate(() => {
      isNext = false;
      void go();
    });
  }

  async function go(): Promise<void> {
    const group = take();
    underWay += 1;
    if (weight >= maxWeight) goNext();
    else if (waiting.length > 0) patience ??= setTimeout(goNext, patienceMs);
    const outcomes = await written(
      group.map(({ item }) => item),
      false,
    );
    underWay -= 1;
    const outage = outcomes.find(isOutage);
    // Those behind it would wait as long as it did, for the same answer.
    if (outage) for (const { reject } of takeAll()) reject(outage.error);
    group.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index] ?? { error: new Error('A group commit gave too few results.') };
      if ('result' in outcome) resolve(outcome.result);
      else reject(outcome.error);
    });
    goNext();
  }

  function isOutage(outcome: Outcome<R>): outcome is { error: unknown } {
    return 'error' in outcome && concernsAll(outcome.error);
  }

  function takeAll(): Waiting<T, R>[] {
    const all = waiting;
    waiting = [];
    weight = 0;
    return all;
  }

  function take(): Waiting<T, R>[] {
    let taken = 0;
    let end = 0;
    for (const one of waiting) {
      if (end > 0 && taken + one.weight > maxWeight) break;
      taken += one.weight;
      end += 1;
    }
    const group = waiting.slice(0, end);
    waiting = waiting.slice(end);
    weight -= taken;
    return group;
  }

  /** Halves what fails, down to whom it concerns. */
  async function written(items: readonly T[], again: boolean): Promise<Outcome<R>[]> {
    try {
      return (await commit(items, again)).map((result) => ({ result }));
    } catch (error) {
      if (items.length === 1 || concernsAll(error)) return items.map(() => ({ error }));
      const middle = items.length >> 1;
      const first = await written(items.slice(0, middle), true);
      const outage = first.find(isOutage);
      const rest = items.slice(middle);
      return [...first, ...(outage ? rest.map(() => outage) : await written(rest, true))];
    }
  }

  return (item) =>
    new Promise<R>((resolve, reject) => {
      const own = weightOf(item);
      waiting.push({ item, weight: own, resolve, reject });
      weight += own;
      if (underWay === 0 || weight >= maxWeight) goNext();
      else patience ??= setTimeout(goNext, patienceMs);
    });
}
