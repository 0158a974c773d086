import type { Raised } from './new-escalation.js';

const mostWords = 100;
const longestWord = 40;
const readAtMost = 2_000;

/** The words of a text, as they are looked for: lower case, without marks, each once. */
export function splitWords(text: string): string[] {
  // Marks go first as well: normalizing takes quadratic time on a long run of them.
  const plain = text
    .replace(/\p{M}+/gu, '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const words = plain.match(/[\p{L}\p{N}_]+/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, longestWord)))];
}

/** What an escalation is found by: the words of its title first, then of who, where and why. */
export function wordsOf(
  of: Pick<Raised, 'title' | 'reason' | 'gateway' | 'actor' | 'policy' | 'source_id'> & { id: string },
) {
  const { gateway, actor } = of;
  const texts = [
    of.id,
    of.title,
    of.source_id,
    gateway?.id,
    gateway?.name,
    gateway?.environment,
    actor?.name,
    actor?.email,
    actor?.id,
    of.policy?.name,
    of.reason,
  ];
  const read = texts.filter((one) => typeof one === 'string').map((one) => one.slice(0, readAtMost));
  return splitWords(read.join(' ')).slice(0, mostWords);
}
