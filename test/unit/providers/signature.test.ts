import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signBody, verifySignature } from '../../../src/lib/signature.js';

const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const secret = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });

describe('X-Signature', () => {
  it("is the one of Jira's documentation", () => {
    const expected = 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9';
    expect(signBody('Hello World!', "It's a Secret to Everybody")).toBe(expected);
    expect(verifySignature(Buffer.from('Hello World!'), expected, "It's a Secret to Everybody")).toBe(true);
  });

  it('holds for every body and secret, with the digits in either case', () => {
    fc.assert(
      fc.property(body, secret, (raw, key) => {
        const header = signBody(raw, key);
        expect(header).toBe(`sha256=${createHmac('sha256', Buffer.from(key, 'utf8')).update(raw).digest('hex')}`);
        expect(verifySignature(raw, header, key)).toBe(true);
        expect(verifySignature(raw, `sha256=${header.slice(7).toUpperCase()}`, key)).toBe(true);
      }),
    );
  });

  it('fails on a changed body, another secret, or a changed digit', () => {
    fc.assert(
      fc.property(body, secret, secret, fc.nat(63), (raw, key, other, at) => {
        const header = signBody(raw, key);
        const flipped = header[7 + at] === '0' ? '1' : '0';
        expect(verifySignature(Buffer.concat([raw, Buffer.from([0])]), header, key)).toBe(false);
        expect(verifySignature(raw, header.slice(0, 7 + at) + flipped + header.slice(8 + at), key)).toBe(false);
        // HMAC pads a short key with zero bytes, so keys that differ in those alone are one key.
        fc.pre(other.replace(/\0+$/, '') !== key.replace(/\0+$/, ''));
        expect(verifySignature(raw, header, other)).toBe(false);
      }),
    );
  });

  it('fails on everything that is not exactly the form', () => {
    const raw = Buffer.from('{}');
    const good = signBody(raw, 'key');
    const hex = good.slice(7);
    const bad = [
      undefined,
      '',
      'sha256=',
      hex,
      good.slice(0, -1),
      good.slice(0, -2),
      `${good}0`,
      `${good}00`,
      ` ${good}`,
    ];
    bad.push(
      `${good} `,
      `${good}\n`,
      `SHA256=${hex}`,
      `Sha256=${hex}`,
      `sha256:${hex}`,
      `sha256==${hex}`,
      `sha1=${hex}`,
    );
    bad.push(`sha256=${Buffer.from(hex, 'hex').toString('base64')}`, `${good},${good}`, `sha256=${'zz'.repeat(32)}`);
    for (const header of bad) expect(verifySignature(raw, header, 'key'), header).toBe(false);
    fc.assert(fc.property(fc.string(), (header) => !verifySignature(raw, header, 'key')));
  });

  it('never holds under an empty secret', () => {
    const raw = Buffer.from('{}');
    expect(verifySignature(raw, `sha256=${createHmac('sha256', '').update(raw).digest('hex')}`, '')).toBe(false);
  });
});
