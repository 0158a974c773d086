import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCipher, SealError } from '../../../src/lib/encryption.js';

const place = { org: 'acme', record: 'con_1', field: 'api_token' };

describe('encryption', () => {
  it('opens what it sealed, whatever the text', () => {
    const cipher = createCipher({ key: randomBytes(32) });
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => cipher.decrypt(cipher.encrypt(text, place), place) === text,
      ),
    );
  });

  it('never seals the same text twice alike', () => {
    const cipher = createCipher({ key: randomBytes(32) });
    expect(cipher.encrypt('secret', place)).not.toBe(cipher.encrypt('secret', place));
  });

  it('has the form v1.<key id>.<base64url>, in which the text does not show', () => {
    const sealed = createCipher({ key: Buffer.alloc(32) }).encrypt('canary', place);
    expect(sealed).toMatch(/^v1\.66687aad\.[\w-]+$/);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('canary');
  });

  it.each(['org', 'record', 'field'] as const)('opens in no other %s', (part) => {
    const cipher = createCipher({ key: randomBytes(32) });
    const sealed = cipher.encrypt('secret', place);
    expect(() => cipher.decrypt(sealed, { ...place, [part]: 'other' })).toThrow(SealError);
  });

  it('notices every changed byte', () => {
    const cipher = createCipher({ key: randomBytes(32) });
    const [version, id, data = ''] = cipher.encrypt('secret', place).split('.');
    const bytes = Buffer.from(data, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      const sealed = `${String(version)}.${String(id)}.${changed.toString('base64url')}`;
      expect(() => cipher.decrypt(sealed, place)).toThrow(SealError);
    }
  });

  it.each(['', 'v1', 'v2.00000000.AAAA', 'v1.00000000.AAAA', 'plain text'])('refuses %j as not its own', (sealed) => {
    expect(() => createCipher({ key: randomBytes(32) }).decrypt(sealed, place)).toThrow(SealError);
  });

  it('refuses a text that is cut short, its tag included', () => {
    const cipher = createCipher({ key: randomBytes(32) });
    const sealed = cipher.encrypt('secret', place);
    expect(() => cipher.decrypt(sealed.slice(0, 30), place)).toThrow(SealError);
    expect(() => cipher.decrypt(sealed.slice(0, -4), place)).toThrow(SealError);
  });

  it('opens with an old key and seals with the new one', () => {
    const oldKey = randomBytes(32);
    const key = randomBytes(32);
    const sealed = createCipher({ key: oldKey }).encrypt('secret', place);
    const rotated = createCipher({ key, oldKeys: [oldKey] });
    expect(rotated.decrypt(sealed, place)).toBe('secret');
    expect(createCipher({ key }).decrypt(rotated.encrypt('secret', place), place)).toBe('secret');
    expect(() => createCipher({ key }).decrypt(sealed, place)).toThrow('ENCRYPTION_KEYS_OLD');
  });
});
