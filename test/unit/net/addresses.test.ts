import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseCidr, plainAddress } from '../../../src/lib/net/addresses.js';
import { isThisHost, isThisMachine } from '../../../src/lib/net/this-machine.js';

describe('the one spelling of an address', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1', 'ipv4'],
    ['::ffff:10.0.0.1', '10.0.0.1', 'ipv4'],
    ['::FFFF:0A00:0001', '10.0.0.1', 'ipv4'],
    ['0:0:0:0:0:ffff:0.0.0.0', '0.0.0.0', 'ipv4'],
    ['::ffff:7f00:1%lo', '127.0.0.1', 'ipv4'],
    ['::1', '::1', 'ipv6'],
    ['0000:0000::0001', '::1', 'ipv6'],
    ['FE80::1%eth0', 'fe80::1', 'ipv6'],
    // Only ::ffff:0:0/96 is mapped; these only look like it.
    ['::127.0.0.1', '::7f00:1', 'ipv6'],
    ['::ffff:0:127.0.0.1', '::ffff:0:7f00:1', 'ipv6'],
    ['1::ffff:7f00:1', '1::ffff:7f00:1', 'ipv6'],
  ])('%s is %s', (written, text, family) => {
    expect(plainAddress(written)).toEqual({ text, family });
  });

  it.each(['', 'localhost', '127.1', '0x7f.0.0.1', '[::1]', '1.2.3.4.5', '::g', '%eth0'])('%j is none', (text) => {
    expect(plainAddress(text)).toBeUndefined();
  });
});

describe('CIDRs', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0', 8, 'ipv4'],
    ['10.1.2.3', '10.1.2.3', 32, 'ipv4'],
    ['0.0.0.0/0', '0.0.0.0', 0, 'ipv4'],
    ['FD00::/8', 'fd00::', 8, 'ipv6'],
    ['::1', '::1', 128, 'ipv6'],
    ['::ffff:10.0.0.0/104', '10.0.0.0', 8, 'ipv4'],
    ['::ffff:10.0.0.1', '10.0.0.1', 32, 'ipv4'],
  ])('%s can be read', (text, address, prefix, family) => {
    expect(parseCidr(text)).toEqual({ address, prefix, family });
  });

  it.each(['', '/8', '10.0.0.0/', '10.0.0.0/33', '::/129', '10.0.0.0/-1', '10.0.0.0/8/8', '10/8', 'localhost/8'])(
    '%j is none',
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );
  it.each(['::ffff:0:0/95', 'fe80::1%eth0/64', '10.0.0.0/1e1', ' 10.0.0.0/8', '*'])('%j is none either', (text) =>
    expect(parseCidr(text)).toBeUndefined(),
  );
});

describe('this machine', () => {
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));

  it.each(['127.0.0.1', '127.255.255.254', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', ...own])('has %s', (address) =>
    expect(isThisMachine(address)).toBe(true),
  );
  it.each(['192.0.2.1', '128.0.0.1', '2001:db8::1', 'localhost', ''])('has no %j', (address) =>
    expect(isThisMachine(address)).toBe(false),
  );
  it.each(['localhost', 'LOCALHOST.', 'mongo.localhost', '[::1]', '127.0.0.2'])('is known as %s', (host) =>
    expect(isThisHost(host)).toBe(true),
  );
  it.each(['mongo', 'example.com', '[2001:db8::1]', '192.0.2.1'])('is not known as %s', (host) =>
    expect(isThisHost(host)).toBe(false),
  );
});
