import type { GuardedClient } from '../http/client/client.js';
import { GuardedRequestError } from '../http/client/errors.js';
import { isPlainHttp, speaksPlainHttp } from '../lib/plain-http.js';
import { aborted, ProviderError } from '../lib/provider-errors.js';
import { type HttpClient, tracedCall } from './http-call.js';

export interface GuardedHttpOptions {
  /** The org that has set the tracker's address. */
  org: string;
  /** The client's own when left out, like the next one. */
  timeoutMs?: number;
  maxBodyBytes?: number;
}

/**
 * The way to a tracker whose address an org has set. The client is shared: closing this leaves it open.
 * @param options `maxBodyBytes`: searches answer with more than a webhook's receiver
 */
export function createGuardedHttp(client: GuardedClient, options: GuardedHttpOptions): HttpClient {
  return {
    call: (wanted) =>
      tracedCall(wanted, async ({ method, url, headers, body, signal }) => {
        try {
          const { status, ...answer } = await client.request({
            method,
            url,
            headers,
            ...(body && { body }),
            signal,
            ...options,
          });
          // What the tracker said is missing, and a repetition is found by its key.
          if (answer.brokenBy !== null)
            throw new ProviderError('network', `The answer broke. ${answer.brokenBy}`, true);
          return { status, headers: answer.headers, body: answer.body, complete: answer.complete };
        } catch (error) {
          if (!(error instanceof GuardedRequestError)) throw error;
          throw asProviderError(error);
        }
      }),
    close: () => Promise.resolve(),
  };
}

/** In our words: neither the address nor anything that a server sent. */
function asProviderError({ code, message, reason }: GuardedRequestError): ProviderError {
  const because = reason === null ? '' : ` (${reason})`;
  switch (code) {
    case 'network':
      return new ProviderError('network', `The connection to the tracker failed${because}.`, true);
    case 'timeout':
      return new ProviderError('timeout', message, true);
    case 'aborted':
      return aborted();
    case 'tls':
      if (isPlainHttp(reason)) return new ProviderError('tls', `The tracker ${speaksPlainHttp}${because}.`, false);
      return new ProviderError('tls', `No trusted TLS connection to the tracker could be made${because}.`, false);
    case 'address_refused':
      return new ProviderError('address_refused', "The tracker's address may not be called from here.", false);
    case 'unknown_host':
      return new ProviderError('unknown_host', `The tracker cannot be called. ${message}`, true);
    case 'invalid_request':
      return new ProviderError('invalid_request', `The call to the tracker cannot be made. ${message}`, false);
  }
}
