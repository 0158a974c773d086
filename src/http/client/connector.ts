import { isIP, type Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { plainAddress } from '../../lib/net/addresses.js';
import type { MayDial } from './address-policy.js';
import { withDeadline } from './deadline.js';
import { dial } from './dial.js';
import { localAddresses, LookUpFailed } from './dns/query.js';
import type { Resolver } from './dns/resolver.js';
import { addressRefused, networkError, unknownHost } from './errors.js';
import type { OwnServers } from './own-servers.js';
import { startTls, type TlsTrust } from './tls.js';

export interface ConnectorOptions {
  /** Whose calls these connections carry. */
  org: string;
  mayDial: MayDial;
  resolver: Resolver;
  ownServers: OwnServers;
  trust: TlsTrust;
  /** For the look-up, connecting and TLS together. */
  timeoutMs: number;
  /** Ends connecting for good. */
  closing: AbortSignal;
}

/**
 * What undici calls for each new connection, names and literal addresses alike (its `connect.lookup` is never asked about
 * literal ones). The address that was judged is the one that is dialled: no second look-up can change it. A connection that is
 * used again was judged when it was made, and undici keeps them apart by origin.
 */
export function createGuardedConnector(options: ConnectorOptions): buildConnector.connector {
  return (target, callback) => {
    open(target, options).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(networkError(error), null),
    );
  };
}

function open(target: buildConnector.Options, options: ConnectorOptions): Promise<Socket> {
  const { trust, timeoutMs, closing } = options;
  const { hostname, protocol } = target;
  const secure = protocol === 'https:';
  const port = target.port === '' ? (secure ? 443 : 80) : Number(target.port);
  return withDeadline({ timeoutMs, wanted: closing }, async (stop) => {
    const reachable = await reachableAddresses(hostname, port, options, stop);
    stop.throwIfAborted();
    const socket = await dial(reachable, port, stop);
    return secure ? startTls(socket, hostname, trust, stop) : socket;
  });
}

/**
 * Of a name with addresses of both kinds, only those that may be reached are dialled.
 * @returns at least one
 */
async function reachableAddresses(
  hostname: string,
  port: number,
  { org, mayDial, resolver, ownServers }: ConnectorOptions,
  stop: AbortSignal,
): Promise<string[]> {
  const literal = isIP(hostname) ? [hostname] : localAddresses(hostname);
  const addresses = literal ?? (await lookUp(hostname, { org, signal: stop }, resolver));
  const candidates = addresses.filter((address) => isIP(address) && mayDial(address, port));
  const ours = candidates.length === 0 ? new Set() : await ownServers.addressesAt(port, stop);
  const reachable = candidates.filter((address) => !ours.has(plainAddress(address)?.text ?? ''));
  if (reachable.length === 0) throw literal ? addressRefused() : unknownHost();
  return reachable;
}

/** In the words of getaddrinfo, which people know: the name server did not answer, or failed. */
async function lookUp(hostname: string, lookUpFor: { org: string; signal: AbortSignal }, resolver: Resolver) {
  try {
    return await resolver.resolve(hostname, lookUpFor);
  } catch (error) {
    if (error instanceof LookUpFailed) throw Object.assign(new Error('look-up failed'), { code: 'EAI_AGAIN' });
    throw error;
  }
}
