import { randomBytes } from 'node:crypto';

/**
 * How a broken or hostile tracker answers each request for a list: `empty_pages` with ever new tokens, `long_tokens` of
 * 3 MB, `repeated_token`, `endless` pages of items that were there before, or `wide`: one page of 100,000 wrong items.
 */
export type ListHabit = 'empty_pages' | 'long_tokens' | 'repeated_token' | 'endless' | 'wide';

export interface HostilePage<Item> {
  items: (Item | object)[];
  token: string;
}

/** @param items what an honest answer would hold */
export function hostilePage<Item>(habit: ListHabit, items: readonly Item[]): HostilePage<Item> {
  switch (habit) {
    case 'empty_pages':
      return { items: [], token: randomBytes(12).toString('hex') };
    case 'long_tokens':
      return { items: [...items], token: randomBytes(1_500_000).toString('hex') };
    case 'repeated_token':
      return { items: [...items], token: 'again' };
    case 'endless':
      return { items: [...items], token: randomBytes(12).toString('hex') };
    case 'wide':
      return { items: Array.from({ length: 100_000 }, () => ({})), token: 'none' };
  }
}
