import { createLookUpSlots } from './look-up-slots.js';
import { LookUpFailed, localAddresses, lookUp, type FoundAddresses } from './query.js';
import { createSystemNames, type SystemNamesOptions } from './system-names.js';

export interface ResolverTimings {
  /** How long a look-up may take, search domains included. */
  lookUpMs: number;
  /** How long a name server has for the first try of a query. */
  tryMs: number;
  /** Records are kept for their TTL, at least this long. */
  minTtlMs: number;
  /** And at most this long. */
  maxTtlMs: number;
  /** How long it is remembered that there is no such name. */
  notFoundMs: number;
  /** How long it is remembered that a look-up failed (RFC 9520 asks for 1 s to 5 min). */
  failedMs: number;
  /** How many look-ups of one org may be under way in this process. */
  maxPerOrg: number;
}

export interface ResolverOptions extends Pick<SystemNamesOptions, 'hostsFile' | 'resolvConf'> {
  /** In place of the system's, as `address` or `address:port`. */
  dnsServers?: readonly string[];
}

export interface LookUpFor {
  /** Whose call needs the name: its look-ups wait for each other, and for nobody else's. */
  org: string;
  /** The caller is gone. */
  signal: AbortSignal;
}

export interface Resolver {
  /**
   * @param hostname as it stands in a URL, no literal address
   * @returns the addresses, the preferred first; none when there is no such name
   * @throws LookUpFailed when nobody could say
   */
  resolve: (hostname: string, lookUpFor: LookUpFor) => Promise<readonly string[]>;
}

/** At most this many names are remembered; the one that was looked up the longest ago is forgotten first. */
const maxNames = 10_000;

type Outcome = { addresses: readonly string[] } | { failed: LookUpFailed };

/**
 * Looks up names by c-ares, without the threads of libuv: those are few, and whoever has a slow name server would hold all of
 * them. Results are kept, equal look-ups are made once, and each org has a limited number of look-ups under way.
 */
export function createResolver(
  { dnsServers, hostsFile, resolvConf }: ResolverOptions,
  { dns: timings }: { dns: ResolverTimings },
): Resolver {
  const system = createSystemNames({ servers: dnsServers, hostsFile, resolvConf, tryMs: timings.tryMs });
  const slots = createLookUpSlots(timings.maxPerOrg);
  const kept = new Map<string, { outcome: Outcome; until: number }>();
  const underWay = new Map<string, Promise<Outcome>>();

  function known(name: string): Outcome | Promise<Outcome> | undefined {
    const entry = kept.get(name);
    if (entry && entry.until > performance.now()) return entry.outcome;
    return underWay.get(name);
  }

  function keep(name: string, outcome: Outcome, forMs: number): void {
    kept.delete(name);
    const [oldest] = kept.keys();
    if (kept.size >= maxNames && oldest !== undefined) kept.delete(oldest);
    kept.set(name, { outcome, until: performance.now() + forMs });
  }

  /** Callers are answered in time; the slot is free when the last query has ended, so that the cap counts real queries. */
  function start(name: string, release: () => void): Promise<Outcome> {
    const stop = new AbortController();
    const late = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(new LookUpFailed('ETIMEOUT')), { once: true });
    });
    const timer = setTimeout(() => stop.abort(), timings.lookUpMs);
    const query = (async () => lookUp(name, system(), stop.signal))().finally(release);
    // It may fail after the time is up, when nobody listens any more.
    query.catch(() => undefined);
    const outcome = Promise.race([query, late])
      .then(
        (found) => {
          keep(name, found, keptForMs(found, timings));
          return found;
        },
        (error: unknown) => {
          if (!(error instanceof LookUpFailed)) throw error;
          const failed = { failed: error };
          keep(name, failed, timings.failedMs);
          return failed;
        },
      )
      .finally(() => {
        clearTimeout(timer);
        underWay.delete(name);
      });
    underWay.set(name, outcome);
    return outcome;
  }

  async function outcomeOfLookUp(name: string, { org, signal }: LookUpFor): Promise<Outcome> {
    const before = known(name);
    if (before) return before;
    const release = await slots.take(org, signal);
    const existing = known(name);
    if (!existing) return start(name, release);
    release();
    return existing;
  }

  return {
    async resolve(hostname, lookUpFor) {
      const local = localAddresses(hostname);
      if (local) return local;
      const outcome = await outcomeOfLookUp(hostname.toLowerCase(), lookUpFor);
      if ('failed' in outcome) throw outcome.failed;
      return outcome.addresses;
    },
  };
}

function keptForMs({ addresses, ttlSeconds }: FoundAddresses, { minTtlMs, maxTtlMs, notFoundMs }: ResolverTimings) {
  if (addresses.length === 0) return notFoundMs;
  return Math.min(Math.max((ttlSeconds ?? 0) * 1_000, minTtlMs), maxTtlMs);
}
