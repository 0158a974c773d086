import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../../src/http/client/address-policy.js';
import { anyAddress, dotted, isPublic, spellings6, type NumberedAddress } from './address-reference.js';

const none = createAddressPolicy({ allow: [], blockedPorts: [] });
const spellings = ({ bits, value }: NumberedAddress) => (bits === 32 ? [dotted(value)] : spellings6(value));

describe('what may be dialled', () => {
  it('is what arithmetic says, for any address in any spelling', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        return spellings(address).every((text) => none(text, 443) === isPublic(address));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is opened by a CIDR for exactly what is in it', () => {
    const cidr = fc.record({ address: anyAddress, prefix: fc.nat(128) });
    fc.assert(
      fc.property(cidr, anyAddress, fc.boolean(), ({ address, prefix }, other, close) => {
        const size = Math.min(prefix, address.bits);
        const shift = BigInt(address.bits - size);
        // Half of them are made to lie within.
        const mask = (1n << shift) - 1n;
        const value =
          close && other.bits === address.bits
            ? address.value - (address.value & mask) + (other.value & mask)
            : other.value;
        const candidate = { bits: other.bits, value };
        const plain = unmapped(candidate);
        const start = unmapped(address);
        // A range of mapped addresses is the IPv4 range in it.
        const bits = start.bits === address.bits ? size : size - 96;
        if (bits < 0) return true;
        const inside =
          plain.bits === start.bits &&
          plain.value >> BigInt(plain.bits - bits) === start.value >> BigInt(plain.bits - bits);
        const mayDial = createAddressPolicy({ allow: [`${spellings(address)[0] ?? ''}/${size}`], blockedPorts: [] });
        return spellings(candidate).every((text) => mayDial(text, 443) === (inside || isPublic(candidate)));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8', '172.32.0.1', '100.128.0.1'])(
    '%s is public',
    (address) => expect(none(address, 443)).toBe(true),
  );

  it.each(['', 'localhost', '127.1', '2130706433', '[::1]', '::1::'])('is never %j, which is no address', (text) =>
    expect(createAddressPolicy({ allow: ['0.0.0.0/0', '::/0'], blockedPorts: [] })(text, 443)).toBe(false),
  );

  it('is not widened from IPv6 to IPv4 by ::/0', () => {
    const mayDial = createAddressPolicy({ allow: ['::/0'], blockedPorts: [] });
    expect([mayDial('fd00::1', 443), mayDial('10.0.0.1', 443), mayDial('::ffff:10.0.0.1', 443)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('never is one of our own ports on this machine, whatever is allowed', () => {
    const mayDial = createAddressPolicy({ allow: ['0.0.0.0/0', '::/0'], blockedPorts: [7233, 27017] });
    const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
    for (const address of [
      '127.0.0.1',
      '127.9.9.9',
      '0.0.0.0',
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      ...own,
    ]) {
      expect([address, mayDial(address, 7233), mayDial(address, 27017)]).toEqual([address, false, false]);
      expect([address, mayDial(address, 7234)]).toEqual([address, true]);
    }
    // Elsewhere they are anybody's.
    expect(mayDial('8.8.8.8', 7233)).toBe(true);
  });

  it('cannot be asked of a CIDR that cannot be read', () => {
    expect(() => createAddressPolicy({ allow: ['10.0.0.0/99'], blockedPorts: [] })).toThrow('10.0.0.0/99');
  });
});

function unmapped({ bits, value }: NumberedAddress): NumberedAddress {
  const isMapped = bits === 128 && value >> 32n === 0xffffn;
  return isMapped ? { bits: 32, value: value & 0xffff_ffffn } : { bits, value };
}
