import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { GuardedClientOptions, GuardedRequest } from '../../../src/http/client/client.js';
import { GuardedRequestError } from '../../../src/http/client/errors.js';
import type { Resolver } from '../../../src/http/client/dns/resolver.js';
import { testGuardedClient } from '../../support/guarded-client.js';

export interface Receiver {
  port: number;
  /** Connections that anybody has made, whether or not they sent anything. */
  connections: () => number;
  server: Server;
}

/** A real server on 127.0.0.1 for one test. */
export async function startReceiver(respond: RequestListener, tls?: TlsOptions): Promise<Receiver> {
  const server = tls ? createTlsServer(tls, respond) : createServer(respond);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections, server };
}

export const loopback = ['127.0.0.0/8', '::1/128'];

/**
 * A client of one org for one test; loopback is allowed unless something else is said.
 * @param resolve in place of real look-ups
 */
export function guarded({ resolve, ...options }: GuardedOptions = {}) {
  const shared = testGuardedClient({ allow: loopback, ...(resolve && { resolver: { resolve } }), ...options });
  onTestFinished(() => shared.close());
  const client = {
    request: (request: Omit<GuardedRequest, 'org'>) => shared.request({ org: 'acme', ...request }),
    close: () => shared.close(),
  };
  const get = (url: string) => client.request({ url, method: 'GET' });
  return { client, get };
}

type GuardedOptions = Partial<GuardedClientOptions> & { resolve?: Resolver['resolve'] };

/** The error of a call that has to fail. */
export async function failureOf(call: Promise<unknown>): Promise<GuardedRequestError> {
  const result = await call.catch((error: unknown) => error);
  if (result instanceof GuardedRequestError) return result;
  throw new Error(`There was no GuardedRequestError, but ${String(result)}`);
}
