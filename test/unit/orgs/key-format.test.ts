import { describe, expect, it } from 'vitest';
import { displayPrefix, generateKey, hashKey, isWellFormedKey } from '../../../src/auth/key-format.js';

describe('keys', () => {
  it('have a prefix, 36 random characters and a checksum that fits', () => {
    for (let i = 0; i < 200; i++) {
      const key = generateKey();
      expect(key).toMatch(/^dbk_[0-9A-Za-z]{42}$/);
      expect(isWellFormedKey(key)).toBe(true);
    }
  });

  it('are told from typos by the checksum', () => {
    const key = generateKey();
    for (let at = 4; at < key.length; at++) {
      const typo = key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
      expect(isWellFormedKey(typo)).toBe(false);
    }
  });

  it('keep their checksum for good: this one was made by the first version', () => {
    expect(isWellFormedKey('dbk_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ02W2G4')).toBe(true);
    expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('show ten characters in lists', () => {
    expect(displayPrefix(generateKey())).toHaveLength(10);
  });
});
