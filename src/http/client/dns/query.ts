import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { RecordWithTtl } from 'node:dns';
import type { SystemNames } from './system-names.js';

/** What a look-up found. An empty list: there is no such name, or it has no addresses. */
export interface FoundAddresses {
  /** The preferred first. */
  addresses: readonly string[];
  /** Of the record that ends first; null for what doesn't come from a name server, and for an empty list. */
  ttlSeconds: number | null;
}

/** A name server didn't answer, or has failed: the name may exist. Its code is that of c-ares, such as `ETIMEOUT`. */
export class LookUpFailed extends Error {
  constructor(readonly code: string) {
    super(`The look-up failed (${code}).`);
    this.name = 'LookUpFailed';
  }
}

/** A name can have thousands, and no more than a few are dialled. */
const maxAddresses = 32;
const maxNameLength = 253;
/** How long the records of one family wait for the other's: some name servers never answer for IPv6. RFC 8305 has 50 ms. */
const otherFamilyMs = 250;
const absentCodes = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Of a name that no name server is asked about (RFC 6761); undefined for all others. */
export function localAddresses(name: string): readonly string[] | undefined {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return plain === 'localhost' || plain.endsWith('.localhost') ? ['127.0.0.1', '::1'] : undefined;
}

/**
 * Looks up a name as getaddrinfo does: the hosts file, then the name servers, with the search domains of resolv.conf. With
 * `ndots:5` and Kubernetes' search domains `receiver.tools` is the Service of that name.
 * @throws LookUpFailed when it stays open whether the name exists
 */
export async function lookUp(name: string, system: SystemNames, stop: AbortSignal): Promise<FoundAddresses> {
  const fromHosts = system.hosts.get(name.replace(/\.$/, ''));
  if (fromHosts) return { addresses: fromHosts.slice(0, maxAddresses), ttlSeconds: null };
  let failed: LookUpFailed | undefined;
  for (const candidate of candidatesOf(name, system)) {
    if (stop.aborted) break;
    try {
      const found = await queryBoth(candidate, system);
      if (found.addresses.length > 0) return found;
    } catch (error) {
      if (!(error instanceof LookUpFailed)) throw error;
      failed ??= error;
      // A search domain may be broken while the others work. One that is silent may have the name: what comes behind it in
      // the list would be another host.
      if (error.code === 'ETIMEOUT') break;
    }
  }
  if (failed) throw failed;
  return { addresses: [], ttlSeconds: null };
}

/** In the order of resolv.conf(5): a final dot turns the search domains off. */
export function candidatesOf(name: string, { search, ndots }: Pick<SystemNames, 'search' | 'ndots'>): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain}`).filter(({ length }) => length <= maxNameLength);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...searched] : [...searched, name];
}

async function queryBoth(name: string, { resolver }: SystemNames): Promise<FoundAddresses> {
  const [v4, v6] = await bothOrFirst(
    settle(resolver.resolve4(name, { ttl: true })),
    settle(resolver.resolve6(name, { ttl: true })),
  );
  const records = (prefersIpv6() ? [v6, v4] : [v4, v6]).map((answer) => (Array.isArray(answer) ? answer : []));
  const ordered = interleave(records).filter(({ address }) => isIP(address));
  if (ordered.length > 0) {
    const kept = ordered.slice(0, maxAddresses);
    return { addresses: kept.map(({ address }) => address), ttlSeconds: Math.min(...kept.map(({ ttl }) => ttl)) };
  }
  const failure = [v4, v6].find((answer) => typeof answer === 'string' && !absentCodes.has(answer));
  // "No such name" holds for both families.
  if (typeof failure === 'string' && v4 !== 'ENOTFOUND' && v6 !== 'ENOTFOUND') throw new LookUpFailed(failure);
  return { addresses: [], ttlSeconds: null };
}

/** Records, or the code of an error; null for what was not waited for. */
type Settled = RecordWithTtl[] | string | null;

const settle = (query: Promise<RecordWithTtl[]>): Promise<Settled> =>
  query.catch((error: unknown) =>
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EUNKNOWN',
  );

/** Both answers. Once one has addresses, the other is waited for no longer than `otherFamilyMs`. */
async function bothOrFirst(v4: Promise<Settled>, v6: Promise<Settled>): Promise<[Settled, Settled]> {
  let timer: NodeJS.Timeout | undefined;
  const enough = (answer: Settled) =>
    Array.isArray(answer) && answer.length > 0
      ? new Promise<null>((resolve) => (timer ??= setTimeout(() => resolve(null), otherFamilyMs)))
      : new Promise<null>(() => undefined);
  const either = [v4.then(enough), v6.then(enough)];
  try {
    return await Promise.all([Promise.race([v4, either[1] ?? v4]), Promise.race([v6, either[0] ?? v6])]);
  } finally {
    clearTimeout(timer);
  }
}

/** Takes turns, so that both families are among the few that are dialled (RFC 8305, 4). */
function interleave(lists: readonly RecordWithTtl[][]): RecordWithTtl[] {
  const maxLength = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: maxLength }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
}

/** As getaddrinfo orders by RFC 6724: IPv6 first where this machine has a public address of it. */
function prefersIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ family, address, internal }) => family === 'IPv6' && !internal && /^[23]/.test(address)),
  );
}
