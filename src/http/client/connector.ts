import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { MayDial } from './address-policy.js';
import { withDeadline } from './deadline.js';
import { dial } from './dial.js';
import { addressRefused, networkError } from './errors.js';
import { startTls, type TlsTrust } from './tls.js';

/** The addresses of a name, literal, the preferred first. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export interface ConnectorOptions {
  mayDial: MayDial;
  resolve?: Resolve | undefined;
  trust: TlsTrust;
  /** For the look-up, connecting and TLS together. */
  timeoutMs: number;
  /** Ends connecting for good. */
  closing: AbortSignal;
}

/** As everything else on this machine resolves names: its hosts file counts. */
export const systemResolve: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

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
  const { mayDial, resolve = systemResolve, trust, timeoutMs, closing } = options;
  const { hostname, protocol } = target;
  const secure = protocol === 'https:';
  const port = target.port === '' ? (secure ? 443 : 80) : Number(target.port);
  return withDeadline({ timeoutMs, wanted: closing }, async (stop) => {
    const addresses = isIP(hostname) ? [hostname] : await resolve(hostname);
    stop.throwIfAborted();
    // Of a name with addresses of both kinds, only those that may be reached are dialled.
    const reachable = addresses.filter((address) => isIP(address) && mayDial(address, port));
    if (addresses.length > 0 && reachable.length === 0) throw addressRefused();
    const socket = await dial(reachable, port, stop);
    return secure ? startTls(socket, hostname, trust, stop) : socket;
  });
}
