import { createRangeCheck, plainAddress, type PlainAddress } from '../../lib/net/addresses.js';
import { embeddedIpv4 } from '../../lib/net/embedded-ipv4.js';
import { isThisMachine } from '../../lib/net/this-machine.js';
import { metadata, notPublic } from './ranges.js';

export interface AddressRules {
  /** CIDRs that may be reached besides public addresses: the operator's EGRESS_ALLOW. */
  allow: readonly string[];
  /** Ports of our own API and servers: never reached on this machine, whatever is allowed. */
  blockedPorts: readonly number[];
}

/** Says of an address, in any spelling without brackets, and a port whether it may be dialled. */
export type MayDial = (address: string, port: number) => boolean;

const isSpecial = createRangeCheck([...notPublic.ipv4, ...notPublic.ipv6]);
const isMetadata = createRangeCheck(metadata);

/**
 * Makes the judgement on addresses. Addresses of clouds' metadata services are refused whatever is allowed. An IPv6 address
 * that carries an IPv4 address is judged by that one as well.
 * @throws TypeError naming a CIDR that cannot be read
 */
export function createAddressPolicy({ allow, blockedPorts }: AddressRules): MayDial {
  const isAllowed = createRangeCheck(allow);
  const ports = new Set(blockedPorts);

  function mayDial(address: string, port: number): boolean {
    const plain = plainAddress(address);
    if (!plain || isMetadata(plain)) return false;
    if (ports.has(port) && isThisMachine(plain.text)) return false;
    return mayDialWhatIsInside(plain, port) ?? (!isSpecial(plain) || isAllowed(plain));
  }

  /** @returns undefined for an address that carries no other */
  function mayDialWhatIsInside(plain: PlainAddress, port: number): boolean | undefined {
    const embedded = embeddedIpv4(plain);
    if (!embedded) return undefined;
    const { kind, addresses } = embedded;
    const mayDialInside = (inside: string) => mayDial(inside, port);
    if (kind === 'nat64') return addresses.every(mayDialInside);
    if (!isAllowed(plain)) return false;
    if (kind === 'tunnel') return addresses.every(mayDialInside);
    const isMetadataInside = addresses.some((inside) => isMetadata({ text: inside, family: 'ipv4' }));
    // With a prefix shorter than 96 bits the end of the address is zero.
    const last = addresses.at(-1) ?? '';
    return !isMetadataInside && (last === '0.0.0.0' || mayDialInside(last));
  }

  return mayDial;
}
