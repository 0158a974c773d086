import { BlockList } from 'node:net';
import { parseCidr, plainAddress, type PlainAddress } from '../../lib/net/addresses.js';
import { isThisMachine } from '../../lib/net/this-machine.js';
import { notPublic } from './ranges.js';

export interface AddressRules {
  /** CIDRs that may be reached besides public addresses: the operator's EGRESS_ALLOW. */
  allow: readonly string[];
  /** Ports of our own API and servers: never reached on this machine, whatever is allowed. */
  blockedPorts: readonly number[];
}

/** Says of an address, in any spelling without brackets, and a port whether it may be dialled. */
export type MayDial = (address: string, port: number) => boolean;

/**
 * Makes the judgement on addresses.
 * @throws TypeError naming a CIDR that cannot be read
 */
export function createAddressPolicy({ allow, blockedPorts }: AddressRules): MayDial {
  const special = rangesOf([...notPublic.ipv4, ...notPublic.ipv6]);
  const allowed = rangesOf(allow);
  const ports = new Set(blockedPorts);
  return (address, port) => {
    const plain = plainAddress(address);
    if (!plain) return false;
    if (ports.has(port) && isThisMachine(plain.text)) return false;
    return !special(plain) || allowed(plain);
  };
}

/** A list for each family: BlockList has its own ideas of which rules hold for an IPv4 address inside an IPv6 one. */
function rangesOf(cidrs: readonly string[]): (address: PlainAddress) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of cidrs) {
    const cidr = parseCidr(text);
    if (!cidr) throw new TypeError(`${text} is neither an address nor a CIDR.`);
    lists[cidr.family].addSubnet(cidr.address, cidr.prefix, cidr.family);
  }
  return ({ text, family }) => lists[family].check(text, family);
}
