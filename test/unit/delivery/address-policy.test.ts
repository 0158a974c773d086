import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../../src/http/client/address-policy.js';
import { anyAddress, dotted, isPublic, mayReach, spellings6, type NumberedAddress } from './address-reference.js';

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
        const start = unmapped(address);
        // A range of mapped addresses is the IPv4 range in it.
        const bits = start.bits === address.bits ? size : size - 96;
        if (bits < 0) return true;
        const isInside = (one: NumberedAddress) =>
          one.bits === start.bits && one.value >> BigInt(one.bits - bits) === start.value >> BigInt(start.bits - bits);
        const mayDial = createAddressPolicy({ allow: [`${spellings(address)[0] ?? ''}/${size}`], blockedPorts: [] });
        return spellings(candidate).every((text) => mayDial(text, 443) === mayReach(candidate, isInside));
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

  it.each([
    ['64:ff9b::808:808', 'NAT64 of 8.8.8.8'],
    ['64:ff9b::1.1.1.1', 'NAT64 of 1.1.1.1'],
  ])('%s is public: %s, as DNS64 makes it', (address) => expect(none(address, 443)).toBe(true));

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '::ffff:169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd20:ce::254',
    ...['64:ff9b::a9fe:a9fe', '64:ff9b:1::a9fe:a9fe', '64:ff9b:1:a9fe:a9:fe00::', '64:ff9b:1:1:a9:fea9:fe00:0'],
    ...['64:ff9b:1:0:a9:fea9:fe00:0', '2002:a9fe:a9fe::1', '2001:0:808:808::5601:5601', '::a9fe:a9fe'],
    '::ffff:0:169.254.169.254',
  ])('never is %s, a cloud’s metadata, whatever is allowed', (address) => {
    const mayDial = createAddressPolicy({ allow: ['0.0.0.0/0', '::/0', '169.254.169.254'], blockedPorts: [] });
    expect(mayDial(address, 80)).toBe(false);
  });

  it('is, for an IPv6 address that carries an IPv4 address, not opened by a range of IPv6 alone', () => {
    const mayDial = createAddressPolicy({ allow: ['::/0'], blockedPorts: [] });
    for (const address of [
      '64:ff9b::a00:1',
      '64:ff9b:1::a00:1',
      '2002:a00:1::1',
      '2001:0:808:808::f5ff:fffe',
      '::a00:1',
    ])
      expect([address, mayDial(address, 443)]).toEqual([address, false]);
    const both = createAddressPolicy({ allow: ['::/0', '10.0.0.0/8'], blockedPorts: [] });
    for (const address of ['64:ff9b::a00:1', '64:ff9b:1::a00:1', '2002:a00:1::1', '::a00:1'])
      expect([address, both(address, 443)]).toEqual([address, true]);
  });

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
