import { isIP } from 'node:net';
import { z } from 'zod';
import { parseCidr } from '../lib/net/addresses.js';
import { pollSeconds, projectKey, tableName, workerRoles } from './setting-rules.js';
import { timingsSchema } from './timings.js';
import { withoutTrailingSlashes } from '../lib/text.js';

/** Treats `KEY=` the same as an absent key, as every shell user expects. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const text = optional(z.string());
const integer = (min: number, max: number, fallback: number) =>
  z.preprocess(
    (value) => (value === '' || value === undefined ? fallback : value),
    z.coerce.number().int().min(min).max(max),
  );
const withDefault = (fallback: string) =>
  z.preprocess((value) => (value === '' || value === undefined ? fallback : value), z.string());
/** Kept to the letter: a trailing slash is part of an operator's path. */
const exactUrl = z.string().regex(/^https?:\/\/[^\s]+$/, 'must be an http or https URL');
/** A base that paths are put behind. */
const httpUrl = exactUrl.transform(withoutTrailingSlashes);
const key32 = z
  .string()
  .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64: openssl rand -base64 32');
const list = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean)
      : [],
  z.array(z.string()),
);

const cidr = z.string().refine((value) => parseCidr(value) !== undefined, {
  error: ({ input }) => `is neither an address nor a CIDR: ${String(input)}`,
});
/** `10.0.0.2`, `10.0.0.2:5353`, `[fd00::2]:53`. */
const nameServer = z.string().refine(
  (value) => {
    if (isIP(value) !== 0) return true;
    const [, inBrackets, plain = '', at] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(value) ?? [];
    return isIP(inBrackets ?? plain) !== 0 && Number(at) >= 1 && Number(at) <= 65535;
  },
  { error: ({ input }) => `is not the address of a name server: ${String(input)}` },
);
const port = z
  .string()
  .refine((value) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65535, 'is not a port')
  .transform(Number);

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const maxDelayMs = 7 * 86_400_000;
const defaultRetrySchedule = '5s,5m,30m,2h,5h,10h,14h,20h,24h';
/** `5s`, `5m`, `2h`, `1d`. */
const delay = z
  .string()
  .transform((value) => {
    const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(value) ?? [];
    return count === undefined ? Number.NaN : Number(count) * (unitMs[unit] ?? Number.NaN);
  })
  .refine((ms) => ms > 0 && ms <= maxDelayMs, 'must be delays such as 5s, 5m, 2h or 1d, of a week at most');

const workerRole = z.enum(workerRoles, {
  error: ({ input }) => `names an unknown role, ${String(input).slice(0, 50)}: the roles are ${workerRoles.join(', ')}`,
});

/** Where to listen: `127.0.0.1:9464`, `[::]:9464`. */
const listenAddress = z
  .string()
  .transform((value) => {
    const [, host = '', at = ''] = /^(\[[0-9a-fA-F:.]+\]|[\w.-]+):(\d{1,5})$/.exec(value) ?? [];
    return { host: host.replace(/^\[|\]$/g, ''), port: at === '' ? Number.NaN : Number(at) };
  })
  .refine(({ port: number }) => number >= 1 && number <= 65535, 'must be host:port, such as 127.0.0.1:9464');

const json = z.string().transform((value, context): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON, such as {"sweep":{"everyMs":1000}}' });
    return z.NEVER;
  }
});

/** Of a tracker, for what its webhooks did not bring. */
const pollInterval = integer(pollSeconds.min, pollSeconds.max, pollSeconds.default);

/** The documented environment: API.md, "Setup and operation". One entry a key, in the order of the README's table. */
export const environmentSchema = z.object({
  NODE_ENV: text,
  HOST: withDefault('127.0.0.1'),
  PORT: integer(0, 65535, 8080),
  PUBLIC_URL: optional(httpUrl),
  MONGODB_URI: z
    .string({ error: 'is required: the URI of a MongoDB replica set' })
    .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://'),
  TEMPORAL_ADDRESS: z
    .string({ error: 'is required: host:port of the Temporal server' })
    .min(1, 'is required: host:port of the Temporal server'),
  TEMPORAL_NAMESPACE: withDefault('default'),
  TEMPORAL_UI_URL: optional(httpUrl),
  TEMPORAL_QUEUE_SUFFIX: optional(z.string().regex(/^[\w-]{1,50}$/, 'must be letters, digits, _ and -')),
  TEMPORAL_API_KEY: text,
  TEMPORAL_TLS_ENABLED: optional(z.enum(['true', 'false'])),
  TEMPORAL_TLS_CA_FILE: text,
  TEMPORAL_TLS_CERT_FILE: text,
  TEMPORAL_TLS_KEY_FILE: text,
  TEMPORAL_TLS_SERVER_NAME: text,
  ADMIN_API_KEY: z
    .string({ error: 'is required: any string of 24 characters or more' })
    .min(24, 'must have 24 characters or more'),
  ENCRYPTION_KEY: z.string({ error: 'is required: 32 bytes in base64 (openssl rand -base64 32)' }).pipe(key32),
  ENCRYPTION_KEYS_OLD: list.pipe(z.array(key32)),
  TICKET_PROVIDER: withDefault('mock'),
  TICKET_WAIT_MS: integer(0, 60_000, 5000),
  TICKET_WEBHOOK_URL: optional(exactUrl),
  TICKET_WEBHOOK_SECRET: text,
  JIRA_BASE_URL: optional(httpUrl),
  JIRA_API_TOKEN: text,
  JIRA_EMAIL: text,
  JIRA_PROJECT_KEY: optional(z.string().regex(projectKey, 'must be the key of a project, such as SEC')),
  JIRA_ISSUE_TYPE: text,
  JIRA_WEBHOOK_SECRET: text,
  JIRA_POLL_INTERVAL_SECONDS: pollInterval,
  SERVICENOW_BASE_URL: optional(httpUrl),
  SERVICENOW_API_TOKEN: text,
  SERVICENOW_USERNAME: text,
  SERVICENOW_TABLE: optional(z.string().regex(tableName, 'must be the name of a table, such as incident')),
  SERVICENOW_CLOSE_CODE: text,
  SERVICENOW_WEBHOOK_SECRET: text,
  SERVICENOW_POLL_INTERVAL_SECONDS: pollInterval,
  EGRESS_ALLOW: list.pipe(z.array(cidr)),
  DNS_SERVERS: list.pipe(z.array(nameServer)),
  DELIVERY_TIMEOUT_MS: integer(100, 120_000, 15_000),
  DELIVERY_RETRY_SCHEDULE: z
    .preprocess((value) => (value === undefined || value === '' ? defaultRetrySchedule : value), list)
    .pipe(z.array(delay).min(1, 'must have one delay or more').max(20, 'must have 20 delays or less')),
  DELIVERY_RETENTION_DAYS: integer(1, 3_650, 30),
  PAGERDUTY_EVENTS_URL: optional(exactUrl),
  /** Set by `npm start` only: where the servers that it has embedded listen. */
  DRAWBRIDGE_PRIVATE_PORTS: list.pipe(z.array(port)),
  RATE_LIMIT_PER_SECOND: integer(0, 1_000_000, 100),
  TRUSTED_PROXIES: list,
  METRICS_TOKEN: text,
  WORKER_METRICS_ADDRESS: optional(listenAddress),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(httpUrl),
  /** Set by the image: a file that a process keeps fresh while it is well, for health checks. */
  HEALTH_FILE: text,
  DELIVERY_PUMPS: integer(1, 64, 1),
  WORKER_ROLES: list
    .pipe(z.array(workerRole))
    .transform((roles) => workerRoles.filter((role) => roles.length === 0 || roles.includes(role))),
  /** JSON of what is to differ from `defaultTimings`, for tests and for tuning. */
  DRAWBRIDGE_TIMINGS: z.preprocess(
    (value) => (value === '' || value === undefined ? '{}' : value),
    json.pipe(timingsSchema),
  ),
  LOG_LEVEL: z.preprocess(
    (value) => (value === '' || value === undefined ? 'info' : value),
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  ),
});

/** The names of all keys that are read. */
export const environmentKeys: readonly string[] = Object.keys(environmentSchema.shape);

export type Environment = z.infer<typeof environmentSchema>;
