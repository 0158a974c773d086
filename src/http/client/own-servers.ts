import { isIP } from 'node:net';
import { plainAddress } from '../../lib/net/addresses.js';
import { isThisMachine } from '../../lib/net/this-machine.js';
import type { Resolver } from './dns/resolver.js';

/** A server of this installation that no org may call. */
export interface OwnServer {
  /** A name or a literal address, without brackets. */
  host: string;
  port: number;
}

export interface OwnServers {
  /** Where our own servers with this port are now, in the spelling of `plainAddress`; mostly none. */
  addressesAt: (port: number, stop: AbortSignal) => Promise<ReadonlySet<string>>;
}

/**
 * Our MongoDB, Temporal and other servers on other machines: EGRESS_ALLOW may contain the network that they are in. Their names
 * are looked up when somebody dials their port, so that an address that has changed counts.
 */
export function createOwnServers(servers: readonly OwnServer[], resolver: Resolver): OwnServers {
  async function addressesOf({ host }: OwnServer, signal: AbortSignal): Promise<readonly string[]> {
    if (isIP(host)) return [host];
    // What can't be looked up can't be reached by its name either.
    return resolver.resolve(host, { org: '', signal }).catch(() => []);
  }

  return {
    async addressesAt(port, stop) {
      const concerned = servers.filter((server) => server.port === port);
      const found = await Promise.all(concerned.map((server) => addressesOf(server, stop)));
      return new Set(found.flat().flatMap((address) => plainAddress(address)?.text ?? []));
    },
  };
}

export type LeadsBack = (url: URL) => boolean;

/**
 * Whether a URL leads to this installation by the look of it: to PUBLIC_URL's host, by http or https or at its port, or to a port
 * of ours on this machine. A proxy under another name is not recognised; the hop count ends such loops.
 */
export function createLeadsBack({
  publicUrl,
  blockedPorts,
}: {
  publicUrl: string;
  blockedPorts: readonly number[];
}): LeadsBack {
  const own = new URL(publicUrl);
  const ownPort = portOf(own);
  // Behind https there is mostly a redirect from http, and behind http nothing.
  const ownPorts = ownPort === 443 ? [80, 443] : [ownPort];
  return ({ protocol, hostname, port }) => {
    const target = { protocol, port };
    const host = plainHost(hostname);
    if (host === plainHost(own.hostname) && ownPorts.includes(portOf(target))) return true;
    const isHere = isThisMachine(host) || host === 'localhost' || host.endsWith('.localhost');
    return isHere && blockedPorts.includes(portOf(target));
  };
}

const plainHost = (hostname: string) => hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');

const portOf = ({ protocol, port }: Pick<URL, 'protocol' | 'port'>) =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
