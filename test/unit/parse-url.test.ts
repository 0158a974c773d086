import { expect, it } from 'vitest';
import { parseUrl } from '../../src/lib/parse-url.js';

it('reads an address with letters beyond ASCII, however often it was asked before', () => {
  // URL.canParse fails from some thousands of calls on.
  for (let i = 0; i < 100_000; i++) parseUrl(`https://example.com/${i & 7}`);
  expect(parseUrl('https://ex\u00e4mple.com/\u00e9')?.href).toBe('https://xn--exmple-cua.com/%C3%A9');
});

it('is null for what is no address', () => {
  expect(['', 'not a url', '/relative', 'https://'].map((text) => parseUrl(text))).toEqual([null, null, null, null]);
  expect(parseUrl('/relative', 'https://example.com')?.href).toBe('https://example.com/relative');
});
