import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Family = 'ipv4' | 'ipv6';

/** An address in its one spelling: dotted IPv4, or compressed IPv6 in lower case without a zone. */
export interface PlainAddress {
  text: string;
  family: Family;
}

/** A range of addresses; bits of `address` beyond the prefix do not count. */
export interface Cidr {
  address: string;
  /** 0–32, or 0–128 for IPv6. */
  prefix: number;
  family: Family;
}

/**
 * The address that is really meant. An IPv4 address inside an IPv6 one (`::ffff:10.0.0.1`, in any spelling) is that IPv4
 * address: the system dials it as such. A zone (`%eth0`) only names an interface.
 * @param text as the system or a URL's parser gives it, without brackets
 * @returns undefined for what is no address
 */
export function plainAddress(text: string): PlainAddress | undefined {
  const parsed = parse(text);
  return parsed && { text: parsed.toString(), family: parsed.kind() };
}

/**
 * `isIP` and the URL parser decide what an address is: ipaddr.js alone would take `0x7f.1` for one, and `::127.0.0.1` for a
 * mapped one.
 */
function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const [address = ''] = text.split('%', 1);
  if (isIP(address) === 4) return ipaddr.parse(address);
  return isIP(address) === 6 ? ipaddr.process(new URL(`http://[${address}]/`).hostname.slice(1, -1)) : undefined;
}

/**
 * Reads `10.0.0.0/8`, `fd00::/8`, or one address alone. A range of mapped addresses (`::ffff:10.0.0.0/104`) is the IPv4 range in it.
 * @returns undefined for anything else, a range with a zone included
 */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const plain = plainAddress(address);
  if (!plain) return undefined;
  const written = isIP(address) === 6 ? 128 : 32;
  const prefix = bits === undefined ? written : Number(bits);
  // A range that only begins among the mapped addresses would be two ranges: nobody means that.
  const before = written === 128 && plain.family === 'ipv4' ? 96 : 0;
  if (prefix > written || prefix < before) return undefined;
  return { address: plain.text, prefix: prefix - before, family: plain.family };
}

/**
 * Whether an address is in one of the ranges.
 * @throws TypeError naming a CIDR that cannot be read
 */
export function createRangeCheck(cidrs: readonly string[]): (address: PlainAddress) => boolean {
  const ranges = cidrs.map((text) => {
    const cidr = parseCidr(text);
    if (!cidr) throw new TypeError(`${text} is neither an address nor a CIDR.`);
    return { ...cidr, first: ipaddr.parse(cidr.address) };
  });
  return ({ text, family }) => {
    const address = ipaddr.parse(text);
    return ranges.some((range) => range.family === family && address.match(range.first, range.prefix));
  };
}
