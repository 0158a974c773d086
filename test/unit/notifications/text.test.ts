import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, lines, linkUrl, oneLine, shown } from '../../../src/lib/display-text.js';

describe('texts from outside', () => {
  it('are cut to a length without halving a character', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clip('a🔐🔐', 3)).toBe('a…');
    expect(clip('🔐🔐', 3)).toBe('🔐…');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (text, max) => {
        const cut = clip(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  it('keep their lines, and lose what is hidden or turns the direction of writing', () => {
    expect(lines(' a\u202e\u2066b\u0000\u001b[31m\r\nc\u2028d\te ')).toBe('ab[31m\nc\nd\te');
    expect(oneLine('a\n\n b\tc')).toBe('a b c');
    expect(lines('\ud800x')).toBe('\ufffdx');
    expect(lines('👩‍🚀 שלום\u200f')).toBe('👩‍🚀 שלום\u200f');
  });

  it('are shown when they are texts, numbers or truth values, and nothing else is', () => {
    expect([' a ', 0, 12.5, false].map(shown)).toEqual(['a', '0', '12.5', 'false']);
    expect([null, undefined, '', ' \u0000', {}, [], { toString: () => 'x' }].map(shown)).toEqual(
      Array.from({ length: 7 }, () => null),
    );
  });
});

describe('links', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'https://user:pw@example.com/',
    '/relative',
    'not a url',
    `https://example.com/${'a'.repeat(2000)}`,
    '',
    null,
    undefined,
  ])('lead nowhere for %s', (text) => {
    expect(linkUrl(text)).toBeNull();
  });

  it('hold nothing that a chat gives a meaning to', () => {
    const url = linkUrl('https://exämple.com/a|b>c<d`"e?f={{DATE(x)}}&g=\\h^i#"|');
    expect(url).toMatch(/^https:\/\/xn--exmple-cua\.com\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/);
    expect(linkUrl(url)).toBe(url);
    expect(linkUrl('https://bridge.example/escalations/esc_1/review')).toBe(
      'https://bridge.example/escalations/esc_1/review',
    );
  });
});
