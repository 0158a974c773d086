import ipaddr from 'ipaddr.js';
import { createRangeCheck, type PlainAddress } from './addresses.js';

/** How an IPv6 address carries IPv4 addresses. */
export interface EmbeddedIpv4 {
  /**
   * - `nat64`: the well-known prefix (RFC 6052). A translator dials the IPv4 address, and DNS64 makes such addresses for every
   *   public IPv4 host, so the address inside says all there is to say.
   * - `local-nat64`: 64:ff9b:1::/48 (RFC 8215). Each network chooses its own prefix in it, so the place of the IPv4 address is
   *   not known, only where it can be.
   * - `tunnel`: 6to4, Teredo, IPv4-compatible and IPv4-translated addresses. A router on the way may unwrap them.
   */
  kind: 'nat64' | 'local-nat64' | 'tunnel';
  /** Dotted, all that may be meant; the last one is the likeliest. */
  addresses: string[];
}

const isNat64 = createRangeCheck(['64:ff9b::/96']);
const isLocalNat64 = createRangeCheck(['64:ff9b:1::/48']);
const is6to4 = createRangeCheck(['2002::/16']);
const isTeredo = createRangeCheck(['2001::/32']);
const isCompatible = createRangeCheck(['::/96', '::ffff:0:0:0/96']);
const isUnspecifiedOrLoopback = createRangeCheck(['::', '::1']);

/** @returns undefined when there is none; IPv4-mapped addresses are IPv4 addresses already, see `plainAddress` */
export function embeddedIpv4(address: PlainAddress): EmbeddedIpv4 | undefined {
  if (address.family === 'ipv4') return undefined;
  const bytes = ipaddr.parse(address.text).toByteArray();
  const at = (...places: number[]) => places.map((place) => bytes[place] ?? 0).join('.');
  const last = at(12, 13, 14, 15);
  if (isNat64(address)) return { kind: 'nat64', addresses: [last] };
  // RFC 6052, 2.2: behind prefixes of 48, 56, 64 and 96 bits. Byte 8 is left out.
  if (isLocalNat64(address)) {
    const places = [at(6, 7, 9, 10), at(7, 9, 10, 11), at(9, 10, 11, 12), last];
    return { kind: 'local-nat64', addresses: places };
  }
  if (is6to4(address)) return { kind: 'tunnel', addresses: [at(2, 3, 4, 5)] };
  if (isTeredo(address)) {
    const client = bytes.slice(12).map((byte) => byte ^ 0xff);
    return { kind: 'tunnel', addresses: [at(4, 5, 6, 7), client.join('.')] };
  }
  if (isCompatible(address) && !isUnspecifiedOrLoopback(address)) return { kind: 'tunnel', addresses: [last] };
  return undefined;
}
