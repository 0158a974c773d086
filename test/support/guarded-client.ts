import { createGuardedClient, type GuardedClient, type GuardedClientOptions } from '../../src/http/client/client.js';
import { createResolver } from '../../src/http/client/dns/resolver.js';
import { testTimings } from './timings.js';

/** A guarded client for tests: it may reach 127.0.0.0/8 unless something else is said. */
export function testGuardedClient(options: Partial<GuardedClientOptions> = {}): GuardedClient {
  return createGuardedClient({
    allow: ['127.0.0.0/8'],
    blockedPorts: [],
    ownServers: [],
    publicUrl: 'https://drawbridge.example',
    timeoutMs: 5_000,
    resolver: createResolver({}, testTimings),
    ...options,
  });
}
