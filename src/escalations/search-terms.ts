import type { EscalationDoc } from './model.js';

const maxTerms = 100;
const maxTermLength = 40;
const maxTextLength = 2_000;

/** The words of a text, as they are looked for: lower case, without marks, each once. */
export function splitTerms(text: string): string[] {
  // Marks go first as well: normalizing takes quadratic time on a long run of them.
  const plain = text
    .replace(/\p{M}+/gu, '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const terms = plain.match(/[\p{L}\p{N}_]+/gu) ?? [];
  return [...new Set(terms.map((word) => word.slice(0, maxTermLength)))];
}

type Searched = Pick<EscalationDoc, 'title' | 'reason' | 'gateway' | 'actor' | 'policy' | 'source_id'> & { id: string };

/** The words that an escalation is found by: those of its title first, then of the actor, the policy and the reason. */
export function searchTermsOf(of: Searched): string[] {
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
  const read = texts.filter((one) => typeof one === 'string').map((one) => one.slice(0, maxTextLength));
  return splitTerms(read.join(' ')).slice(0, maxTerms);
}
