import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEndpointUrl } from '../../../src/lib/endpoint-url.js';

describe('an endpoint’s URL', () => {
  it.each([
    'https://receiver.example',
    'http://receiver.example/',
    'HTTPS://Receiver.Example:8443/a/b?c=d&e=%20@',
    'http://127.0.0.1:3000/hooks',
    'http://[::1]:3000/',
    'https://bücher.example/käse',
    'https://receiver.example/@name:x',
    'https://receiver.example?a=@',
  ])('may be %s', (text) => {
    expect(isEndpointUrl(text)).toBe(true);
  });

  it.each([
    '',
    'receiver.example',
    '//receiver.example',
    'https:receiver.example',
    'https:/receiver.example',
    'https://',
    'https:///receiver.example',
    'https:///u:p@receiver.example',
    'https://?a',
    'ws://receiver.example',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://u@receiver.example',
    'https://u:p@receiver.example',
    'https://@receiver.example',
    'https://:@receiver.example',
    'https://receiver.example\\@elsewhere.example',
    'https:\\\\receiver.example',
    'https://receiver.example/#a',
    'https://receiver.example/#',
    ' https://receiver.example',
    'https://receiver.example/ ',
    'https://receiver.example/a b',
    'https://receiver.example/a\nb',
    'https://receiver.example/\u0000',
    'https://receiver.example/\ud800',
    'https://receiver.example:99999/',
    'https://256.1.1.1/',
    'https://a b/',
  ])('must not be %j', (text) => {
    expect(isEndpointUrl(text)).toBe(false);
  });

  it('names a host, and nothing in its parts that is to be kept out, whatever else it is', () => {
    const parts = fc.constantFrom('s', ':', '//', '/', '\\', '@', '#', '?', 'a', '.', ' ', '\t', '[', '%40', 'é');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (pieces) => {
        const text = `http://${pieces.join('')}`;
        if (!isEndpointUrl(text)) return;
        const { protocol, username, password, hash, hostname } = new URL(text);
        expect(['http:', 'https:']).toContain(protocol);
        expect([username, password, hash]).toEqual(['', '', '']);
        expect(hostname).not.toBe('');
      }),
      { numRuns: 1_000 },
    );
  });
});
