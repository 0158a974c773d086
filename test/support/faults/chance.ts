/** Chance that can be repeated: the same seed gives the same draws (mulberry32). */
export interface Chance {
  readonly seed: number;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  of<T>(all: readonly T[]): T;
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const draw = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(draw() * (high - low + 1));
  return {
    seed,
    between,
    of<T>(all: readonly T[]) {
      const one = all[between(0, all.length - 1)];
      if (one === undefined) throw new Error('There is nothing to choose from.');
      return one;
    },
  };
}
