import { isIP } from 'node:net';
import type { Config } from '../../config/index.js';
import { createAddressPolicy, type MayDial } from '../../http/client/address-policy.js';
import { createResolver, type Resolver } from '../../http/client/dns/resolver.js';
import { createRangeCheck } from '../../lib/net/addresses.js';
import { parseUrl } from '../../lib/parse-url.js';
import { attention, bad, count, few, ok, reason, type Finding } from './finding.js';

/** What a cloud tells a machine about itself, credentials included. */
const metadata = { text: '169.254.169.254', family: 'ipv4' } as const;
const loopback = ['127.0.0.1', '::1'];
/** Past our own ports, whose blocking would hide what else is let through. */
const anyPort = 65_535;

/** What EGRESS_ALLOW lets through besides public addresses. */
export function checkAllowed({ allow }: Pick<Config['egress'], 'allow'>, production: boolean): Finding {
  const id = 'egress.allowed';
  const mayDial = createAddressPolicy({ allow, blockedPorts: [] });
  const list = few(allow);
  if (createRangeCheck(allow)(metadata)) {
    return bad(
      id,
      `EGRESS_ALLOW (${list}) contains ${metadata.text}, where clouds hand out a machine's credentials. That address stays refused, but the range is too wide.`,
      'Narrow it to the networks of the receivers and trackers that are meant.',
    );
  }
  if (production && loopback.some((address) => mayDial(address, anyPort))) {
    return attention(
      id,
      `EGRESS_ALLOW (${list}) lets orgs reach what else listens on this machine.`,
      'Take loopback out of it, unless a receiver there is meant.',
    );
  }
  return ok(
    id,
    allow.length === 0 ? 'Only public addresses are reached.' : `Besides public addresses ${list} is reached.`,
  );
}

/** An address that somebody of an org, or the environment, has set. */
export interface Target {
  url: string;
  /** Whose, such as `wh_…`. */
  owner: string;
}

const lookUpWithinMs = 4_000;
const maxHosts = 200;

/** Whether the names of receivers and trackers can be looked up, and what they lead to may be dialled. Hosts only are shown. */
export async function checkTargets(
  targets: readonly Target[],
  { egress, timings }: Pick<Config, 'egress' | 'timings'>,
): Promise<Finding[]> {
  const mayDial = createAddressPolicy(egress);
  const resolver = createResolver(egress, timings);
  const byOrigin = new Map<string, { url: URL; owners: string[] }>();
  for (const { url: text, owner } of targets) {
    const url = parseUrl(text);
    if (!url) continue;
    const known = byOrigin.get(url.host) ?? { url, owners: [] };
    known.owners.push(owner);
    byOrigin.set(url.host, known);
  }
  const checked = [...byOrigin.values()].slice(0, maxHosts);
  const results = await Promise.all(
    checked.map(async ({ url, owners }) => ({ owners, host: url.host, ...(await lookUp(url, { mayDial, resolver })) })),
  );
  const named = ({ host, owners }: { host: string; owners: string[] }) => `${host} (${few(owners)})`;
  const unknown = results.filter(({ problem }) => problem === 'unknown');
  const refused = results.filter(({ problem }) => problem === 'refused');
  if (results.length === 0) return [ok('egress.dns', 'There is no receiver or tracker of an org to look up.')];
  return [
    lookUpFinding(results.length, unknown.map(named), unknown[0]?.message ?? ''),
    reach(results.length, refused.map(named)),
  ];
}

async function lookUp(
  url: URL,
  { mayDial, resolver }: { mayDial: MayDial; resolver: Resolver },
): Promise<{ problem: 'unknown' | 'refused' | null; message: string }> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  try {
    const addresses = isIP(hostname)
      ? [hostname]
      : await resolver.resolve(hostname, { org: 'doctor', signal: AbortSignal.timeout(lookUpWithinMs) });
    if (addresses.length === 0) return { problem: 'unknown', message: 'there is no such name' };
    return { problem: addresses.some((address) => mayDial(address, port)) ? null : 'refused', message: '' };
  } catch (error) {
    return { problem: 'unknown', message: reason(error) };
  }
}

function lookUpFinding(all: number, unknown: readonly string[], message: string): Finding {
  const id = 'egress.dns';
  if (unknown.length === 0) return ok(id, `${count(all, 'host')} of receivers and trackers can be looked up.`);
  const detail = `Cannot be looked up (${message}): ${few(unknown)}.`;
  if (unknown.length === all && all > 1)
    return bad(id, detail, 'Not one can: look at the resolver of this machine (/etc/resolv.conf).');
  return attention(
    id,
    detail,
    'Correct the address there, or the resolver of this machine if the name is one of your network.',
  );
}

function reach(all: number, refused: readonly string[]): Finding {
  const id = 'egress.reach';
  if (refused.length === 0) return ok(id, `${count(all, 'host')} of receivers and trackers may be dialled.`);
  return attention(
    id,
    `Nothing is sent to ${few(refused)}: a private address, or one of our own ports.`,
    'If it is meant, put its network into EGRESS_ALLOW; our own ports are never reached.',
  );
}
