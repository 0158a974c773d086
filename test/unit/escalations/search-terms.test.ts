import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitTerms, searchTermsOf } from '../../../src/escalations/search-terms.js';

const nothing = { id: 'esc_1', title: '', reason: null, gateway: null, actor: null, policy: null, source_id: null };

describe('the words of a text', () => {
  it.each([
    ['Data left the REGION', ['data', 'left', 'the', 'region']],
    ['the The THE', ['the']],
    ['Crème brûlée, naïve Ærø', ['creme', 'brulee', 'naive', 'ærø']],
    ['ada@example.com', ['ada', 'example', 'com']],
    ['esc_01ABC gw-9', ['esc_01abc', 'gw', '9']],
    ['ﬁne ½ İstanbul', ['fine', '1', '2', 'istanbul']],
    ['東京 مرحبا Привет', ['東京', 'مرحبا', 'привет']],
    ['$where .* \u0000 🦆 ^$', ['where']],
    ['', []],
  ])('%j are %j', (text, terms) => {
    expect(splitTerms(text)).toEqual(terms);
  });

  it('are cut to forty characters, the same when kept and when looked for', () => {
    expect(splitTerms('x'.repeat(100))).toEqual(['x'.repeat(40)]);
    expect(searchTermsOf({ ...nothing, title: 'x'.repeat(100) })).toContain(splitTerms('x'.repeat(60))[0]);
  });

  it('are of letters, digits and underscores alone, and find themselves', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const word of splitTerms(text)) {
          expect(word).toMatch(/^[\p{L}\p{N}_]{1,40}$/u);
          expect(splitTerms(word)).toEqual([word]);
        }
      }),
    );
  });
});

describe('what an escalation is found by', () => {
  it('is who, where, what and why, each word once', () => {
    const terms = searchTermsOf({
      id: 'esc_7',
      title: 'Leak at Gateway',
      reason: 'A leak',
      gateway: { id: 'gw-1', name: 'Gateway', environment: 'Production' },
      actor: { id: 'u1', name: 'Ada', email: 'ada@x.org', type: 'agent' },
      policy: { id: 'pol_1', name: 'Residency' },
      source_id: 'their-1',
    });
    expect(terms).toEqual('esc_7 leak at gateway their 1 gw production ada x org u1 residency a'.split(' '));
  });

  it('is at most a hundred words, the title’s before the reason’s', () => {
    const reason = Array.from({ length: 500 }, (_, n) => `r${n}`).join(' ');
    const terms = searchTermsOf({ ...nothing, title: 'First', reason });
    expect(terms).toHaveLength(100);
    expect(terms.slice(0, 3)).toEqual(['esc_1', 'first', 'r0']);
  });
});
