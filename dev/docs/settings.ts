import { environmentKeys, type Environment } from '../../src/config/environment.js';
import { loadConfig, ConfigError } from '../../src/config/index.js';
import { table } from './markdown.js';

type Setting = Exclude<keyof Environment, 'DRAWBRIDGE_PRIVATE_PORTS'> | 'DRAWBRIDGE_HOME';

interface Group {
  title: string;
  settings: Partial<Record<Setting, [purpose: string, fallback: string]>>;
}

const none = 'none';

/** What each setting is for and what is used without it. A test compares the names with the ones that are read. */
const groups: readonly Group[] = [
  {
    title: 'API',
    settings: {
      HOST: ['the address that the API listens on', '`127.0.0.1`; `0.0.0.0` in the image'],
      PORT: ['the port that the API listens on', '`8080`; `npm start` takes a free port if it is taken and not set'],
      PUBLIC_URL: [
        "the API's address for people and trackers; links start with it. With https, cookies are `Secure`",
        '`http://localhost:{PORT}`',
      ],
      RATE_LIMIT_PER_SECOND: ['requests a second for each key and API process; `0` turns limits off', '`100`'],
      TRUSTED_PROXIES: ['CIDRs of proxies whose `X-Forwarded-For` counts', none],
      ADMIN_API_KEY: ['the key that may do everything: any text of 24 characters or more', '`npm start` makes one'],
    },
  },
  {
    title: 'MongoDB and encryption',
    settings: {
      MONGODB_URI: [
        'the URI of a replica set, with user and password; TLS by its options (`tls=true&tlsCAFile=…`)',
        '`npm start` embeds a server',
      ],
      ENCRYPTION_KEY: [
        'encrypts stored secrets: 32 bytes in base64 (`openssl rand -base64 32`)',
        '`npm start` makes one',
      ],
      ENCRYPTION_KEYS_OLD: ['former keys, which still decrypt', none],
    },
  },
  {
    title: 'Temporal',
    settings: {
      TEMPORAL_ADDRESS: ['`host:port` of the server', '`npm start` embeds a server'],
      TEMPORAL_NAMESPACE: ['the namespace', '`default`'],
      TEMPORAL_UI_URL: ["the UI's address, for links to workflows", 'no links; `npm start` sets it'],
      TEMPORAL_QUEUE_SUFFIX: ['is appended to the names of task queues, if two deployments share a namespace', none],
      TEMPORAL_API_KEY: ['is sent with each call, and turns TLS on', none],
      TEMPORAL_TLS_ENABLED: ['`true` or `false`', '`true` with an API key or a TLS file'],
      TEMPORAL_TLS_CA_FILE: ['the authorities to trust', '[public authorities](../guides/deploy.md#temporal-cloud)'],
      TEMPORAL_TLS_CERT_FILE: ["the client's certificate, read when a process starts", none],
      TEMPORAL_TLS_KEY_FILE: ["the client's private key", none],
      TEMPORAL_TLS_SERVER_NAME: ["the name in the server's certificate", "the address's"],
    },
  },
  {
    title: 'Tickets',
    settings: {
      TICKET_PROVIDER: [
        'the tracker of orgs without a default connection: `mock`, `webhook`, `jira` or `servicenow`',
        '`mock`, which contacts nobody',
      ],
      TICKET_WAIT_MS: ['how long a call waits for the tracker before it answers 202', '`5000`'],
      TICKET_WEBHOOK_URL: ['[your own tracker](../guides/trackers/webhook.md): where calls are posted', none],
      TICKET_WEBHOOK_SECRET: ['signs calls to it and verifies its replies; replies answer 503 without it', none],
    },
  },
  {
    title: 'Jira',
    settings: {
      JIRA_BASE_URL: ["[the site's](../guides/trackers/jira.md) address", none],
      JIRA_API_TOKEN: ["the account's token", none],
      JIRA_EMAIL: ["the account's e-mail address: Basic with it, Bearer without", none],
      JIRA_PROJECT_KEY: ['the project', 'the only visible one'],
      JIRA_ISSUE_TYPE: ['the type of new issues', '`Task`'],
      JIRA_WEBHOOK_SECRET: ["verifies Jira's webhooks", none],
      JIRA_POLL_INTERVAL_SECONDS: ['how often to poll', '`300`'],
    },
  },
  {
    title: 'ServiceNow',
    settings: {
      SERVICENOW_BASE_URL: ["[the instance's](../guides/trackers/servicenow.md) address", none],
      SERVICENOW_API_TOKEN: ['the password or token', none],
      SERVICENOW_USERNAME: ['the user: Basic with it, Bearer without', none],
      SERVICENOW_TABLE: ['the table of tickets', '`incident`'],
      SERVICENOW_CLOSE_CODE: ['the close code of resolved records', "one of the instance's"],
      SERVICENOW_WEBHOOK_SECRET: ['verifies calls of the business rule', none],
      SERVICENOW_POLL_INTERVAL_SECONDS: ['how often to poll', '`300`'],
    },
  },
  {
    title: 'Webhooks and outgoing calls',
    settings: {
      EGRESS_ALLOW: [
        'CIDRs that endpoints, channels and connections may reach besides public addresses',
        'none; `npm start` allows loopback. Set but empty, it allows none',
      ],
      DNS_SERVERS: [
        'name servers for [names that orgs set](#names-and-addresses), such as `10.0.0.2,[fd00::2]:53`',
        'those of `/etc/resolv.conf`',
      ],
      DELIVERY_TIMEOUT_MS: ['how long a receiver may take for its whole answer', '`15000`'],
      DELIVERY_RETRY_SCHEDULE: ['the delays between attempts, each ±20 %', '`5s,5m,30m,2h,5h,10h,14h,20h,24h`'],
      DELIVERY_RETENTION_DAYS: [
        'how long deliveries and attempts are kept; events ten days longer. A change applies at the next start',
        '`30`',
      ],
      DELIVERY_PUMPS: ['how many pumps share the endpoints: as many as workers, or more', '`1`'],
      PAGERDUTY_EVENTS_URL: ["PagerDuty's Events API", "PagerDuty's; EU: `https://events.eu.pagerduty.com/v2/enqueue`"],
    },
  },
  {
    title: 'Operation',
    settings: {
      NODE_ENV: ['`production` refuses development servers', '`production` in the image'],
      LOG_LEVEL: ['`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`', '`info`'],
      METRICS_TOKEN: ['the bearer token of whoever scrapes metrics', 'metrics answer loopback only'],
      WORKER_ROLES: [
        'what a worker does, with commas: `lifecycles`, `providers`, `urgent` (escalations, notifications, polls), `pumps`',
        'all of them',
      ],
      WORKER_METRICS_ADDRESS: ["`host:port` of a worker's metrics", 'no metrics'],
      OTEL_EXPORTER_OTLP_ENDPOINT: ["an OTLP collector's base URL", 'no traces'],
      HEALTH_FILE: ['a file that a process keeps fresh while it is healthy', '`/tmp/drawbridge.alive` in the image'],
      DRAWBRIDGE_HOME: ['where `npm start` keeps data, keys and logs', '`.drawbridge/`'],
      DRAWBRIDGE_TIMINGS: ['[intervals, leases and timeouts](#timings), as JSON', 'the defaults'],
    },
  },
];

export const documentedSettings = groups.flatMap(({ settings }) => Object.keys(settings));

/** Every setting that is read, and the one of `npm start`. */
export const readSettings = [...environmentKeys.filter((key) => key !== 'DRAWBRIDGE_PRIVATE_PORTS'), 'DRAWBRIDGE_HOME'];

/** A table for each group. */
export function settingsText(): string {
  const required = requiredSettings();
  return groups
    .map(({ title, settings }) => {
      const rows = Object.entries(settings).map(([key, [purpose, fallback]]) => [
        `\`${key}\`${required.has(key) ? ' \\*' : ''}`,
        purpose,
        fallback,
      ]);
      return `## ${title}\n\n${table(['setting', 'purpose', 'without it'], rows)}`;
    })
    .join('\n\n');
}

/** The ones that an empty environment is refused for. */
function requiredSettings(): Set<string> {
  try {
    loadConfig({});
  } catch (error) {
    if (error instanceof ConfigError) return new Set(error.problems.map((problem) => problem.split(' ', 1)[0] ?? ''));
    throw error;
  }
  return new Set();
}
