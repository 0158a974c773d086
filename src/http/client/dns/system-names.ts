import { Resolver } from 'node:dns/promises';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';

export interface SystemNamesOptions {
  /** Name servers in place of the system's, as `address` or `address:port`; none means the system's. */
  servers?: readonly string[] | undefined;
  /** How long a name server has for the first try of a query. The second try, the last, has twice as long. */
  tryMs: number;
  hostsFile?: string | undefined;
  resolvConf?: string | undefined;
}

/** What this machine says about names. */
export interface SystemNames {
  resolver: Resolver;
  /** Names in lower case, from the hosts file. */
  hosts: ReadonlyMap<string, readonly string[]>;
  /** Domains that are tried behind a name. */
  search: readonly string[];
  /** A name with so many dots is tried as it is before the search domains are. */
  ndots: number;
}

const checkEveryMs = 5_000;
const maxSearchDomains = 32;
/** As in glibc: a larger value counts as this one. */
const maxNdots = 15;

/**
 * Reads what getaddrinfo would: the hosts file, and resolv.conf's search domains and `ndots`. c-ares itself only knows the
 * name servers. Both files are read again when they change: containers, VPNs and laptops change them under a running process.
 * @returns asked before each look-up
 */
export function createSystemNames(options: SystemNamesOptions): () => SystemNames {
  const { servers = [], tryMs, hostsFile = '/etc/hosts', resolvConf = '/etc/resolv.conf' } = options;
  let names: SystemNames | undefined;
  let version = '';
  let checkedAt = Number.NEGATIVE_INFINITY;

  return () => {
    const now = performance.now();
    if (names && now - checkedAt < checkEveryMs) return names;
    checkedAt = now;
    const current = `${versionOf(hostsFile)} ${versionOf(resolvConf)}`;
    if (names && current === version) return names;
    version = current;
    const resolver = new Resolver({ timeout: tryMs, tries: 2 });
    if (servers.length > 0) resolver.setServers(servers);
    names = { resolver, hosts: parseHosts(read(hostsFile)), ...parseResolvConf(read(resolvConf)) };
    return names;
  };
}

/** `10.0.0.1 db db.internal # comment`, one address a line. */
export function parseHosts(text: string): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!isIP(address)) continue;
    for (const name of names.map((each) => each.toLowerCase())) hosts.set(name, [...(hosts.get(name) ?? []), address]);
  }
  return hosts;
}

/** Of `search` and `domain` the last line counts (resolv.conf(5)). */
export function parseResolvConf(text: string): Pick<SystemNames, 'search' | 'ndots'> {
  let search: string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'search' || keyword === 'domain') search = values;
    for (const value of keyword === 'options' ? values : []) {
      const [, dots] = /^ndots:(\d{1,3})$/.exec(value) ?? [];
      if (dots !== undefined) ndots = Math.min(Number(dots), maxNdots);
    }
  }
  const domains = search.map((domain) => domain.toLowerCase().replace(/\.$/, '')).filter((domain) => domain !== '');
  return { search: domains.slice(0, maxSearchDomains), ndots };
}

/** A file that isn't there, as on Windows, is as good as an empty one. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.ino}:${stat.mtimeMs}:${stat.size}` : '-';
}
