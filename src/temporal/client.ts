import { Client, Connection } from '@temporalio/client';
import type { Config } from '../config/index.js';
import { dataConverter } from './data-converter.js';

/** How the SDK is told to reach the server. */
export function connectionOptions(temporal: Config['temporal']) {
  const { address, apiKey, tls } = temporal;
  const clientCertPair = tls?.cert && tls.key ? { crt: tls.cert, key: tls.key } : undefined;
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.serverName === undefined ? {} : { serverNameOverride: tls.serverName }),
            ...(tls.ca === undefined ? {} : { serverRootCACertificate: tls.ca }),
            ...(clientCertPair === undefined ? {} : { clientCertPair }),
          },
        }),
  };
}

/**
 * A client that connects when it is first used: the API takes writes while Temporal is down.
 * @param identity what histories show as the caller; never a host name or a path
 */
export function createTemporalClient(temporal: Config['temporal'], identity: string): Client {
  const connection = Connection.lazy(connectionOptions(temporal));
  return new Client({ connection, namespace: temporal.namespace, dataConverter, identity });
}
