import { readFileSync } from 'node:fs';
import { environmentSchema, type Environment } from './environment.js';
import type { WorkerRole } from './setting-rules.js';
import { ownPorts, ownServers } from './own-ports.js';
import type { Timings } from './timings.js';
import { issueText } from '../lib/issue-text.js';

export type { Timings } from './timings.js';

/** What the processes run with: validated, frozen, and the only place that has read `process.env`. */
export interface Config {
  readonly production: boolean;
  readonly logLevel: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Without a trailing slash. */
    readonly publicUrl: string;
    readonly rateLimitPerSecond: number;
    readonly trustedProxies: readonly string[];
    readonly metricsToken: string | undefined;
  };
  /** What a worker does, in the order of its task queues: everything by default. */
  readonly workerRoles: readonly WorkerRole[];
  /** Where a worker gives its metrics; nowhere when unset. */
  readonly workerMetrics: { readonly host: string; readonly port: number } | undefined;
  /** The base URL of an OTLP collector, without a trailing slash; nothing is traced when unset. */
  readonly otlpEndpoint: string | undefined;
  /** Kept fresh while the process is well; none when unset. */
  readonly healthFile: string | undefined;
  readonly mongodbUri: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly uiUrl: string | undefined;
    /** Behind the names of the task queues: two deployments may share a namespace. */
    readonly queueSuffix: string;
    readonly apiKey: string | undefined;
    readonly tls: TemporalTls | undefined;
  };
  readonly adminApiKey: string;
  readonly encryption: { readonly key: Buffer; readonly oldKeys: readonly Buffer[] };
  readonly egress: EgressConfig;
  readonly deliveries: DeliveryConfig;
  readonly tickets: TicketConfig;
  /** PagerDuty's own by default; its EU region has another. */
  readonly pagerDutyEndpoint: string | undefined;
  /** Every interval, lease, grace period and timeout that may be changed. */
  readonly timings: Timings;
}

/** For everything that is sent to addresses which an org has set. */
export interface EgressConfig {
  /** CIDRs that may be reached besides public addresses. */
  readonly allow: readonly string[];
  /** Of our own API and servers on this machine: never reached there, whatever is allowed. */
  readonly blockedPorts: readonly number[];
  /** Of our own on other machines: never reached either. */
  readonly ownServers: readonly { readonly host: string; readonly port: number }[];
  /** PUBLIC_URL: nothing is sent to its host, or events could feed themselves. */
  readonly publicUrl: string;
  /** Name servers in place of the system's; none means the system's. */
  readonly dnsServers: readonly string[];
  /** For a call as a whole. */
  readonly timeoutMs: number;
}

/** For what is sent to webhook endpoints. */
export interface DeliveryConfig {
  /** How many pumps share the endpoints. */
  readonly pumps: number;
  /** Between the tries of a delivery, before the spread: N delays are N + 1 tries. */
  readonly retryDelaysMs: readonly number[];
  /** How long deliveries and their attempts are kept. */
  readonly retentionDays: number;
}

export interface TemporalTls {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly serverName: string | undefined;
}

export interface TicketConfig {
  /** As it was set; the registry decides what an unknown one means. */
  readonly provider: string;
  /** How long a call waits for the tracker before it answers `pending`. */
  readonly waitMs: number;
  /** Of each provider, by its environment keys: undefined when unset. */
  readonly settings: Readonly<
    Record<
      | 'TICKET_WEBHOOK_URL'
      | 'TICKET_WEBHOOK_SECRET'
      | 'JIRA_BASE_URL'
      | 'JIRA_API_TOKEN'
      | 'JIRA_EMAIL'
      | 'JIRA_PROJECT_KEY'
      | 'JIRA_ISSUE_TYPE'
      | 'JIRA_WEBHOOK_SECRET'
      | 'SERVICENOW_BASE_URL'
      | 'SERVICENOW_API_TOKEN'
      | 'SERVICENOW_USERNAME'
      | 'SERVICENOW_TABLE'
      | 'SERVICENOW_CLOSE_CODE'
      | 'SERVICENOW_WEBHOOK_SECRET',
      string | undefined
    >
  >;
  /** Of the environment's trackers. */
  readonly pollIntervalSeconds: Readonly<Record<'jira' | 'servicenow', number>>;
}

/** Names every key that is wrong, at once, and never a value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads the configuration.
 * @param env the environment; by default the process's own
 * @throws ConfigError with all that is wrong
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environmentSchema.safeParse(env, { error: issueText });
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  return Object.freeze(fromEnvironment(parsed.data));
}

function fromEnvironment(env: Environment): Config {
  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  return {
    production: env.NODE_ENV === 'production',
    logLevel: env.LOG_LEVEL,
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl,
      rateLimitPerSecond: env.RATE_LIMIT_PER_SECOND,
      trustedProxies: env.TRUSTED_PROXIES,
      metricsToken: env.METRICS_TOKEN,
    },
    workerRoles: env.WORKER_ROLES,
    workerMetrics: env.WORKER_METRICS_ADDRESS,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    healthFile: env.HEALTH_FILE,
    mongodbUri: env.MONGODB_URI,
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      uiUrl: env.TEMPORAL_UI_URL,
      queueSuffix: env.TEMPORAL_QUEUE_SUFFIX ?? '',
      apiKey: env.TEMPORAL_API_KEY,
      tls: temporalTls(env),
    },
    adminApiKey: env.ADMIN_API_KEY,
    encryption: {
      key: Buffer.from(env.ENCRYPTION_KEY, 'base64'),
      oldKeys: env.ENCRYPTION_KEYS_OLD.map((key) => Buffer.from(key, 'base64')),
    },
    egress: {
      allow: env.EGRESS_ALLOW,
      blockedPorts: ownPorts(env),
      ownServers: ownServers(env),
      publicUrl,
      dnsServers: env.DNS_SERVERS,
      timeoutMs: env.DELIVERY_TIMEOUT_MS,
    },
    deliveries: {
      pumps: env.DELIVERY_PUMPS,
      retryDelaysMs: env.DELIVERY_RETRY_SCHEDULE,
      retentionDays: env.DELIVERY_RETENTION_DAYS,
    },
    pagerDutyEndpoint: env.PAGERDUTY_EVENTS_URL,
    timings: env.DRAWBRIDGE_TIMINGS,
    tickets: {
      provider: env.TICKET_PROVIDER,
      waitMs: env.TICKET_WAIT_MS,
      settings: {
        TICKET_WEBHOOK_URL: env.TICKET_WEBHOOK_URL,
        TICKET_WEBHOOK_SECRET: env.TICKET_WEBHOOK_SECRET,
        JIRA_BASE_URL: env.JIRA_BASE_URL,
        JIRA_API_TOKEN: env.JIRA_API_TOKEN,
        JIRA_EMAIL: env.JIRA_EMAIL,
        JIRA_PROJECT_KEY: env.JIRA_PROJECT_KEY,
        JIRA_ISSUE_TYPE: env.JIRA_ISSUE_TYPE,
        JIRA_WEBHOOK_SECRET: env.JIRA_WEBHOOK_SECRET,
        SERVICENOW_BASE_URL: env.SERVICENOW_BASE_URL,
        SERVICENOW_API_TOKEN: env.SERVICENOW_API_TOKEN,
        SERVICENOW_USERNAME: env.SERVICENOW_USERNAME,
        SERVICENOW_TABLE: env.SERVICENOW_TABLE,
        SERVICENOW_CLOSE_CODE: env.SERVICENOW_CLOSE_CODE,
        SERVICENOW_WEBHOOK_SECRET: env.SERVICENOW_WEBHOOK_SECRET,
      },
      pollIntervalSeconds: {
        jira: env.JIRA_POLL_INTERVAL_SECONDS,
        servicenow: env.SERVICENOW_POLL_INTERVAL_SECONDS,
      },
    },
  };
}

/** TLS is on when it is asked for, or when anything of it is given; an API key (Temporal Cloud) turns it on as well. */
function temporalTls(env: Environment): TemporalTls | undefined {
  const files = [env.TEMPORAL_TLS_CA_FILE, env.TEMPORAL_TLS_CERT_FILE, env.TEMPORAL_TLS_KEY_FILE];
  const wanted = env.TEMPORAL_TLS_ENABLED === 'true' || Boolean(env.TEMPORAL_API_KEY) || files.some(Boolean);
  if (!wanted || env.TEMPORAL_TLS_ENABLED === 'false') return undefined;
  const [ca, cert, key] = files.map((file) => (file ? readKeyFile(file) : undefined));
  return { ca, cert, key, serverName: env.TEMPORAL_TLS_SERVER_NAME };
}

function readKeyFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError([
      `TEMPORAL_TLS_*_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    ]);
  }
}
