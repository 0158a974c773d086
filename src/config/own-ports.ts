import { isThisHost } from '../lib/net/this-machine.js';
import { parseUrl } from '../lib/parse-url.js';
import type { Environment } from './environment.js';

type Settings = Pick<
  Environment,
  | 'PORT'
  | 'MONGODB_URI'
  | 'TEMPORAL_ADDRESS'
  | 'TEMPORAL_UI_URL'
  | 'DRAWBRIDGE_PRIVATE_PORTS'
  | 'WORKER_METRICS_ADDRESS'
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
>;

/**
 * The ports on this machine behind which our own API and servers are. A receiver on loopback may be allowed; these are no receivers.
 * @returns each once, in order; a server on another machine adds none
 */
export function ownPorts(env: Settings): number[] {
  const here = serversOf(env)
    .filter(({ host }) => isThisHost(host))
    .map(({ port }) => port);
  const ours = [env.PORT, env.WORKER_METRICS_ADDRESS?.port ?? 0];
  const ports = new Set([...ours, ...here, ...env.DRAWBRIDGE_PRIVATE_PORTS]);
  // Port 0 is "any": it becomes known only when the API listens, and nobody can dial it.
  return [...ports].filter((port) => port > 0).sort((a, b) => a - b);
}

/**
 * Our servers on other machines. EGRESS_ALLOW may have the network that they are in. What listens on a web port is left out: an
 * ingress has one address for our server and for others, receivers among them.
 */
export function ownServers(env: Settings): Server[] {
  return serversOf(env)
    .filter(({ host, port }) => !isThisHost(host) && port !== 80 && port !== 443)
    .map(({ host, port }) => ({ host: host.replace(/^\[|\]$/g, ''), port }));
}

interface Server {
  host: string;
  port: number;
}

const serversOf = (env: Settings): Server[] => [
  ...mongoServers(env.MONGODB_URI),
  ...temporalServer(env.TEMPORAL_ADDRESS),
  ...web(env.TEMPORAL_UI_URL),
  ...web(env.OTEL_EXPORTER_OTLP_ENDPOINT),
];

/** `mongodb://user:pass@a:1,b/db`; the members behind `mongodb+srv://` are not looked up, for they are never this machine. */
function mongoServers(uri: string): Server[] {
  const [, authority = ''] = /^mongodb:\/\/([^/?]*)/.exec(uri) ?? [];
  const hosts = authority.slice(authority.lastIndexOf('@') + 1);
  return hosts.split(',').flatMap((host) => hostAndPort(host, 27017));
}

/** `host:port`; gRPC's own schemes, such as `dns:///host:port`, are taken too. */
const temporalServer = (address: string): Server[] => hostAndPort(address.replace(/^.*\//, ''), 7233);

function web(url: string | undefined): Server[] {
  const parsed = url === undefined ? null : parseUrl(url);
  if (!parsed) return [];
  const { hostname, port, protocol } = parsed;
  return [{ host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }];
}

function hostAndPort(text: string, defaultPort: number): Server[] {
  const [, host, port] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  return host === undefined ? [] : [{ host, port: port === undefined ? defaultPort : Number(port) }];
}
