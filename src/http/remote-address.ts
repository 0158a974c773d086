import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * Says where a request comes from. X-Forwarded-For counts only as far as the addresses that passed it on are trusted:
 * it is read from the right, and the first address that is not one of our proxies is the answer.
 * @param trustedProxies addresses and CIDRs
 * @throws Error naming an entry that is neither
 */
export function remoteAddressOf(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const peerOf = (request: IncomingMessage) => plain(request.socket.remoteAddress ?? '');
  if (trustedProxies.length === 0) return peerOf;
  const trusted = toBlockList(trustedProxies);
  const isTrusted = (address: string) => trusted.check(address, familyOf(address));
  return (request) => {
    let address = peerOf(request);
    const header = request.headers['x-forwarded-for'];
    const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? ''))
      .split(',')
      .map((part) => plain(part.trim()));
    while (isIP(address) && isTrusted(address)) {
      const before = forwarded.pop();
      if (before === undefined || !isIP(before)) break;
      address = before;
    }
    return address;
  };
}

function toBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const size = Number(bits ?? (isIP(address) === 6 ? 128 : 32));
    const valid =
      isIP(address) && Number.isInteger(size) && size >= 0 && size <= (isIP(address) === 6 ? 128 : 32) && bits !== '';
    if (!valid) throw new Error(`TRUSTED_PROXIES: ${entry} is neither an address nor a CIDR`);
    list.addSubnet(address, size, familyOf(address));
  }
  return list;
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** A dual-stack listener shows IPv4 peers as ::ffff:a.b.c.d; people write and compare a.b.c.d. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');
