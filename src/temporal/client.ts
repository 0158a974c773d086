import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Config } from '../config/index.js';
import { failureConverter } from './failure-converter.js';
import { clientTracing } from './tracing/client-tracing.js';

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

/** As `dataConverter` of workers, loaded. */
const dataConverter = { payloadConverter: defaultPayloadConverter, failureConverter, payloadCodecs: [] };

/** A client that can be closed at any time. */
export class TemporalClient extends Client {
  readonly #underWay = new Set<Promise<unknown>>();

  override withDeadline<R>(deadline: number | Date, call: () => Promise<R>): Promise<R> {
    const made = super.withDeadline(deadline, call);
    this.#underWay.add(made);
    const forget = () => void this.#underWay.delete(made);
    made.then(forget, forget);
    return made;
  }

  /**
   * Closes the connection behind the calls that are under way, for some seconds at most: each has its deadline. The SDK tries calls again
   * from a timer, and one that finds its channel closed throws there, where nobody can catch it.
   */
  async close(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await this.connection.close();
  }
}

/**
 * A client that connects when it is first used: the API takes writes while Temporal is down.
 * @param identity what histories show as the caller; never a host name or a path
 */
export function createTemporalClient(temporal: Config['temporal'], identity: string): TemporalClient {
  const connection = Connection.lazy(connectionOptions(temporal));
  const interceptors = { workflow: [clientTracing] };
  return new TemporalClient({ connection, namespace: temporal.namespace, dataConverter, identity, interceptors });
}
