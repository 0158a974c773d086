import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCipher, EncryptionError } from '../../../src/lib/encryption.js';

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
    const encrypted = createCipher({ key: Buffer.alloc(32) }).encrypt('canary', place);
    expect(encrypted).toMatch(/^v1\.66687aad\.[\w-]+$/);
    expect(Buffer.from(encrypted.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('canary');
  });

  it.each(['org', 'record', 'field'] as const)('opens in no other %s', (part) => {
    const cipher = createCipher({ key: randomBytes(32) });
    const encrypted = cipher.encrypt('secret', place);
    expect(() => cipher.decrypt(encrypted, { ...place, [part]: 'other' })).toThrow(EncryptionError);
  });

  it('notices every changed byte', () => {
    const cipher = createCipher({ key: randomBytes(32) });
    const [version, id, data = ''] = cipher.encrypt('secret', place).split('.');
    const bytes = Buffer.from(data, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      const encrypted = `${String(version)}.${String(id)}.${changed.toString('base64url')}`;
      expect(() => cipher.decrypt(encrypted, place)).toThrow(EncryptionError);
    }
  });

  it.each(['', 'v1', 'v2.00000000.AAAA', 'v1.00000000.AAAA', 'plain text'])(
    'refuses %j as not its own',
    (encrypted) => {
      expect(() => createCipher({ key: randomBytes(32) }).decrypt(encrypted, place)).toThrow(EncryptionError);
    },
  );

  it('refuses a text that is cut short, its tag included', () => {
    const cipher = createCipher({ key: randomBytes(32) });
    const encrypted = cipher.encrypt('secret', place);
    expect(() => cipher.decrypt(encrypted.slice(0, 30), place)).toThrow(EncryptionError);
    expect(() => cipher.decrypt(encrypted.slice(0, -4), place)).toThrow(EncryptionError);
  });

  it('opens with an old key and seals with the new one', () => {
    const oldKey = randomBytes(32);
    const key = randomBytes(32);
    const encrypted = createCipher({ key: oldKey }).encrypt('secret', place);
    const rotated = createCipher({ key, oldKeys: [oldKey] });
    expect(rotated.decrypt(encrypted, place)).toBe('secret');
    expect(createCipher({ key }).decrypt(rotated.encrypt('secret', place), place)).toBe('secret');
    expect(() => createCipher({ key }).decrypt(encrypted, place)).toThrow('ENCRYPTION_KEYS_OLD');
  });
});
