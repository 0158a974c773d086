import { performance } from 'node:perf_hooks';
import { Agent } from 'undici';
import { createAddressPolicy, type AddressRules } from './address-policy.js';
import { maxSentBytes, unpackBody } from './body.js';
import { createGuardedConnector } from './connector.js';
import type { Resolver } from './dns/resolver.js';
import { addressRefused, callAborted } from './errors.js';
import { exchange } from './exchange.js';
import { createOrgAgents } from './org-agents.js';
import { createLeadsBack, createOwnServers, type OwnServer } from './own-servers.js';
import { readHeaders, readTarget } from './request.js';
import type { TlsTrust } from './tls.js';

export interface GuardedClientOptions extends AddressRules {
  /** For a call as a whole: look-up, connecting, headers and body. */
  timeoutMs: number;
  /** Of a body, after decompression; 64 KiB when left out. */
  maxBodyBytes?: number;
  pool?: {
    /** At once from one org to one origin; more wait, within their deadline. 64 when left out. */
    connections?: number;
    /** How long an idle one is kept, at most; 4 s when left out, less than what most servers keep theirs. */
    idleMs?: number;
  };
  /** Authorities to trust in place of those that Node knows. */
  trust?: TlsTrust;
  /** Looks up names. It outlives the client, and may be shared. */
  resolver: Resolver;
  /** PUBLIC_URL: nothing is sent there. */
  publicUrl: string;
  /** Servers of ours on other machines. */
  ownServers: readonly OwnServer[];
}

export interface GuardedRequest {
  /** The org that has set the address. Orgs share neither connections nor look-ups under way. */
  org: string;
  url: string | URL;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
  /** Ends the call when it is no longer wanted. */
  signal?: AbortSignal;
  timeoutMs?: number;
  maxBodyBytes?: number;
}

export interface GuardedAnswer {
  status: number;
  /** Names in lower case; 16 KiB in all, a larger head is a `network` error. */
  headers: Record<string, string | string[] | undefined>;
  /** Decompressed, cut at the limit. */
  body: Buffer;
  /** Whether `body` is all of it: false when it was cut, or could not be decompressed to its end. */
  complete: boolean;
  /** Why a 2xx answer ended before its end, in our words; null for a proper one. */
  brokenBy: string | null;
  durationMs: number;
}

/** The way to every address that somebody of an org has set. */
export interface GuardedClient {
  /**
   * @returns the answer, whatever its status; redirects are answers too, and never followed
   * @throws GuardedRequestError, and nothing else
   */
  request(request: GuardedRequest): Promise<GuardedAnswer>;
  /** Ends the calls under way and the kept-alive connections. */
  close(): Promise<void>;
}

const defaults = { maxBodyBytes: 64 * 1024, connections: 64, idleMs: 4_000 };
const maxHeaderBytes = 16 * 1024;
/** What a server asks for by a Keep-Alive header counts only up to here: a changed address is noticed by then. */
const maxIdleMs = 30_000;

/**
 * Makes a client that reaches public addresses, and others only where the operator allows it.
 * @throws TypeError naming a CIDR in `allow` that cannot be read
 */
export function createGuardedClient(options: GuardedClientOptions): GuardedClient {
  const { timeoutMs, maxBodyBytes = defaults.maxBodyBytes, trust = {}, resolver, pool = {} } = options;
  const closing = new AbortController();
  const leadsBack = createLeadsBack(options);
  const mayDial = createAddressPolicy(options);
  const ownServers = createOwnServers(options.ownServers, resolver);
  const agents = createOrgAgents(
    (org) =>
      new Agent({
        connect: createGuardedConnector({
          ...{ org, mayDial, resolver, ownServers, trust, timeoutMs },
          closing: closing.signal,
        }),
        connections: pool.connections ?? defaults.connections,
        keepAliveTimeout: pool.idleMs ?? defaults.idleMs,
        keepAliveMaxTimeout: Math.max(pool.idleMs ?? 0, maxIdleMs),
        maxHeaderSize: maxHeaderBytes,
        // One deadline covers it all.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
  );

  async function request(call: GuardedRequest): Promise<GuardedAnswer> {
    const startedAt = performance.now();
    const { method, body = null } = call;
    const { url, ...target } = readTarget(call.url);
    const sent = { ...target, method, headers: readHeaders(call.headers ?? {}), body };
    if (leadsBack(url)) throw addressRefused();
    if (closing.signal.aborted) throw callAborted();
    const maxBytes = call.maxBodyBytes ?? maxBodyBytes;
    const { status, headers, brokenBy, ...read } = await agents.use(call.org, (agent) =>
      exchange(agent, {
        request: sent,
        timeoutMs: call.timeoutMs ?? timeoutMs,
        wanted: call.signal,
        maxEncodedBytes: (answered) => maxSentBytes(answered['content-encoding'], maxBytes),
      }),
    );
    const unpacked = await unpackBody(read, headers['content-encoding'], maxBytes);
    return { status, headers, ...unpacked, brokenBy, durationMs: Math.round(performance.now() - startedAt) };
  }

  return {
    request,
    async close() {
      closing.abort();
      await agents.destroy();
    },
  };
}
