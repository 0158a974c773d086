import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { remoteAddressOf } from '../../../src/http/remote-address.js';

const from = (peer: string, forwarded?: string) =>
  ({
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('the remote address', () => {
  it('is the peer, whatever it claims, when nothing is trusted', () => {
    expect(remoteAddressOf([])(from('203.0.113.9', '1.2.3.4'))).toBe('203.0.113.9');
  });

  it('is the first one from the right that is not a trusted proxy', () => {
    const addressOf = remoteAddressOf(['10.0.0.0/8', '192.168.1.1', 'fd00::/8']);
    expect(addressOf(from('10.1.1.1', '1.2.3.4'))).toBe('1.2.3.4');
    expect(addressOf(from('10.1.1.1', '6.6.6.6, 1.2.3.4, 10.2.2.2'))).toBe('1.2.3.4');
    expect(addressOf(from('fd00::1', '2001:db8::1, 192.168.1.1'))).toBe('2001:db8::1');
    expect(addressOf(from('192.168.1.2', '1.2.3.4'))).toBe('192.168.1.2');
  });

  it('knows IPv4 peers of a dual-stack listener', () => {
    const addressOf = remoteAddressOf(['10.0.0.0/8']);
    expect(addressOf(from('::ffff:10.0.0.1', '::ffff:1.2.3.4'))).toBe('1.2.3.4');
    expect(addressOf(from('::ffff:203.0.113.9'))).toBe('203.0.113.9');
  });

  it('stops at what is not an address', () => {
    const addressOf = remoteAddressOf(['10.0.0.0/8']);
    expect(addressOf(from('10.0.0.1', '1.2.3.4, unknown'))).toBe('10.0.0.1');
    expect(addressOf(from('10.0.0.1', ''))).toBe('10.0.0.1');
    expect(addressOf(from('10.0.0.1'))).toBe('10.0.0.1');
  });

  it.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/-1', '10.0.0.0/a'])(
    'refuses %j as trusted',
    (entry) => {
      expect(() => remoteAddressOf([entry])).toThrow(entry);
    },
  );
});
