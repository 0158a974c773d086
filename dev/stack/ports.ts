import { randomInt } from 'node:crypto';
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

/** Below what systems take for the near ends of connections: one of those may be in use a moment after it was free. */
const ownPorts = { from: 10_000, to: 32_000 };
const maxTries = 50;

/** A port that nobody listens on, and that nobody is given by the system. @throws Error when there is none */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < maxTries; tries++) {
    const port = randomInt(ownPorts.from, ownPorts.to);
    if (await isFree(port, host)) return port;
  }
  throw new Error(`There is no free port on ${host} between ${ownPorts.from} and ${ownPorts.to}.`);
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
