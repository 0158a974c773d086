import { connect, createServer } from 'node:net';
import { hasCode } from '../files.js';

/**
 * Whether a port can be listened on.
 * @param host an address or name; for a loopback address `localhost`'s other one is asked too, since a browser may try that first
 * @throws Error on anything but a port in use, such as a privileged port
 */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const hosts = host === '127.0.0.1' || host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  for (const each of hosts) if ((await listenOnce(port, each)) === undefined) return false;
  return true;
}

/** A port that nobody listens on, chosen by the system. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const port = await listenOnce(0, host);
  if (port === undefined) throw new Error(`There is no free port on ${host}.`);
  return port;
}

/**
 * The first of these ports that is free and not `taken`, else any free one; it is added to `taken`.
 * @param wanted in the order of preference; undefined ones are passed over
 */
export async function choosePort(
  wanted: readonly (number | undefined)[],
  taken: Set<number>,
  host = '127.0.0.1',
): Promise<number> {
  for (const port of wanted) {
    if (port !== undefined && !taken.has(port) && (await isFree(port, host))) {
      taken.add(port);
      return port;
    }
  }
  return choosePort([await freePort(host)], taken, host);
}

/**
 * Whether somebody listens, as a promise that rejects when nobody does. Drivers wait for a second after a refused connection:
 * asking this first makes a start twice as quick.
 */
export function answersOn(port: number, host = '127.0.0.1'): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, timeout: 1_000 });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error(`nobody answers on port ${port}`)));
    socket.once('error', reject);
  });
}

function listenOnce(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (hasCode(error, 'EADDRINUSE')) resolve(undefined);
      // A machine without IPv6 has nobody on its loopback address either.
      else if (hasCode(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT') && host === '::1') resolve(port);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
