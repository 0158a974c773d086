import { eventTypes } from '../../events/types.js';
import { at } from '../api-client.js';
import type { CreatedWebhook, RotatedSecret, Webhook } from '../api-types.js';
import { defineCommand, type CommandDefinition } from '../command.js';
import { UsageError } from '../errors.js';
import { idOption, type Options } from '../options.js';
import { statusStyle } from '../../lib/paint.js';
import { fields, type Column } from '../output/table.js';
import { distance, fullTime, shortTime } from '../output/time.js';
import { pagingOptions, showAnswer, showList } from '../results.js';
import type { Terminal } from '../terminal.js';

const id = idOption('wh_', 'The endpoint');
const eventsHelp = 'Event types, several with commas';
const typesText = `Event types: ${eventTypes.join(', ')}.`;

const endpointOptions = {
  description: { kind: 'text', value: 'TEXT', help: 'What the endpoint is for' },
  ordered: { kind: 'flag', help: 'Deliver one at a time, in the order of the events' },
  'rate-limit': { kind: 'number', value: 'N', min: 1, max: 1_000_000, help: 'At most N deliveries a second' },
  header: { kind: 'list', commas: false, value: "'NAME: VALUE'", help: 'A header of each delivery; may be repeated' },
} as const satisfies Options;

/**
 * Reads `Name: value` texts; undefined when there are none.
 * @throws UsageError that doesn't repeat them: a value may be a secret
 */
function readHeaders(texts: readonly string[]): Record<string, string> | undefined {
  if (texts.length === 0) return undefined;
  const entries = texts.map((text, index): [string, string] => {
    const [, name, value] = /^([^:\s]+)\s*:(.*)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value.trim()];
    throw new UsageError(`--header must be 'Name: value' (the ${index + 1}. is not).`);
  });
  const names = entries.map(([name]) => name.toLowerCase());
  if (new Set(names).size < names.length) throw new UsageError('--header names the same header twice.');
  return Object.fromEntries(entries);
}

const create = defineCommand({
  path: 'webhook create',
  summary: 'Create an endpoint that receives events, and print its secret this once',
  description: `Deliveries are signed as Standard Webhooks describes, and with X-Keeptrusts-Signature. Try a receiver with \`kt webhook listen\`. ${typesText}`,
  options: {
    url: { kind: 'text', value: 'URL', required: true, help: 'Where to deliver: http or https' },
    events: { kind: 'list', commas: true, value: 'TYPES', required: true, help: eventsHelp },
    ...endpointOptions,
    disabled: { kind: 'flag', help: 'Create it without delivering anything yet' },
  },
  examples: [
    'kt webhook create --url https://example.com/hooks --events escalation.created,escalation.resolved',
    "kt webhook create --url http://127.0.0.1:4400 --events event.created --ordered --header 'X-Team: risk'",
  ],
  run: async (call) => {
    const { url, events, description, ordered, disabled, header, 'rate-limit': rate_limit_per_second } = call.options;
    const answer = await call.org.post<CreatedWebhook>('/webhooks', {
      url,
      events,
      description,
      headers: readHeaders(header),
      rate_limit_per_second,
      ordered: ordered || undefined,
      enabled: disabled ? false : undefined,
    });
    return showAnswer(
      call,
      answer,
      (webhook) => `${webhookText(webhook, call.terminal)}\n${secretText(webhook.secret, call.terminal)}`,
    );
  },
});

const list = defineCommand({
  path: 'webhook list',
  summary: 'List the endpoints',
  options: pagingOptions,
  examples: ['kt webhook list'],
  run: (call) =>
    showList<Webhook>(call, {
      path: '/webhooks',
      columns: columns(call.terminal),
      empty: 'No endpoints yet. Create one: kt webhook create --url URL --events escalation.created',
    }),
});

const show = defineCommand({
  path: 'webhook show',
  summary: 'Show an endpoint',
  options: { id },
  examples: ['kt webhook show --id wh_01JZX0'],
  run: (call) => showAnswer(call, call.org.get<Webhook>(at`/webhooks/${call.options.id}`), webhookText),
});

const update = defineCommand({
  path: 'webhook update',
  summary: 'Change an endpoint; settings that are not given stay unchanged',
  description: typesText,
  options: {
    id,
    url: { kind: 'text', value: 'URL', help: 'Where to deliver' },
    events: { kind: 'list', commas: true, value: 'TYPES', help: eventsHelp },
    ...endpointOptions,
    'no-ordered': { kind: 'flag', help: 'Deliver in parallel' },
    'no-rate-limit': { kind: 'flag', help: 'Deliver as fast as possible' },
    'no-headers': { kind: 'flag', help: 'Send no extra headers' },
  },
  examples: ['kt webhook update --id wh_01JZX0 --events budget.threshold_reached --rate-limit 20'],
  run: async (call) => {
    const { options } = call;
    const { id, url, events, description, header, ordered, 'rate-limit': rateLimit } = options;
    const contradictions: [name: string, isGiven: boolean, isNegated: boolean][] = [
      ['ordered', ordered, options['no-ordered']],
      ['rate-limit', rateLimit !== undefined, options['no-rate-limit']],
      ['header', header.length > 0, options['no-headers']],
    ];
    for (const [name, isGiven, isNegated] of contradictions) {
      if (isGiven && isNegated) throw new UsageError(`--${name} is given, and its contrary too.`);
    }
    const change = {
      url,
      events: events.length > 0 ? events : undefined,
      description,
      headers: options['no-headers'] ? {} : readHeaders(header),
      rate_limit_per_second: options['no-rate-limit'] ? null : rateLimit,
      ordered: options['no-ordered'] ? false : ordered || undefined,
    };
    if (Object.values(change).every((value) => value === undefined)) {
      throw new UsageError('Nothing to change: give at least one option besides --id.');
    }
    return showAnswer(call, call.org.patch<Webhook>(at`/webhooks/${id}`, change), webhookText);
  },
});

const remove = defineCommand({
  path: 'webhook delete',
  summary: 'Delete an endpoint and its pending deliveries',
  options: { id },
  examples: ['kt webhook delete --id wh_01JZX0'],
  run: (call) =>
    showAnswer(call, call.org.delete(at`/webhooks/${call.options.id}`), () => `${call.options.id} is deleted.`),
});

const toggle = (enabled: boolean, name: string, summary: string): CommandDefinition =>
  defineCommand({
    path: `webhook ${name}`,
    summary,
    options: { id },
    examples: [`kt webhook ${name} --id wh_01JZX0`],
    run: (call) =>
      showAnswer(call, call.org.patch<Webhook>(at`/webhooks/${call.options.id}`, { enabled }), webhookText),
  });

const rotateSecret = defineCommand({
  path: 'webhook rotate-secret',
  summary: 'Give an endpoint a new secret, and print it this once',
  description:
    'During the overlap, webhook-signature has a signature by each secret, and X-Keeptrusts-Signature-Previous one by the old secret. Another rotation during the overlap ends the oldest secret.',
  options: {
    id,
    'overlap-seconds': {
      kind: 'number',
      value: 'N',
      min: 0,
      max: 604_800,
      help: 'How long the old secret signs as well (86400); 0 ends it now',
    },
  },
  examples: ['kt webhook rotate-secret --id wh_01JZX0 --overlap-seconds 3600'],
  run: async (call) => {
    const { id, 'overlap-seconds': overlap_seconds } = call.options;
    const answer = await call.org.post<RotatedSecret>(at`/webhooks/${id}/rotate-secret`, { overlap_seconds });
    return showAnswer(call, answer, ({ secret, previous_expires_at: until }) => {
      const end = until === null ? 'has ended.' : `signs as well until ${fullTime(until, call.terminal.now)}.`;
      return `The old secret ${end}\n${secretText(secret, call.terminal)}`;
    });
  },
});

export const endpointCommands: readonly CommandDefinition[] = [
  create,
  list,
  show,
  update,
  remove,
  toggle(true, 'enable', 'Resume deliveries; `kt webhook recover` delivers what was missed'),
  toggle(false, 'disable', 'Stop deliveries to an endpoint'),
  rotateSecret,
];

const columns = ({ now }: Terminal): Column<Webhook>[] => [
  { title: 'STATE', of: ({ enabled }) => (enabled ? 'enabled' : 'disabled'), style: statusStyle },
  { title: 'ID', of: ({ id }) => id },
  { title: 'URL', of: ({ url }) => url, flexible: true },
  { title: 'EVENTS', of: ({ events }) => events.join(', '), flexible: true },
  {
    title: 'HEALTH',
    of: ({ health, disabled_reason }) => disabled_reason ?? health.status,
    style: statusStyle,
    flexible: true,
  },
  { title: 'CREATED', of: ({ created_at }) => shortTime(created_at, now) },
];

function webhookText(webhook: Webhook, terminal: Terminal): string {
  const { rate_limit_per_second: rateLimit } = webhook;
  const { now } = terminal;
  return fields(
    [
      ['id', webhook.id],
      ['url', webhook.url],
      ['events', webhook.events.join(', ')],
      ['state', webhook.enabled ? 'enabled' : 'disabled'],
      ['reason', webhook.disabled_reason],
      ['health', healthText(webhook, now)],
      ['description', webhook.description],
      ['ordered', webhook.ordered ? 'yes: one at a time' : 'no'],
      ['rate limit', rateLimit === null ? 'none' : `${rateLimit} a second`],
      ['headers', webhook.headers.join(', ')],
      ['created', fullTime(webhook.created_at, now)],
      ['updated', fullTime(webhook.updated_at, now)],
    ],
    terminal,
  );
}

/** The health status and the numbers behind it. */
function healthText({ health }: Webhook, now: Date): string {
  const parts: string[] = [health.status];
  if (health.consecutive_failures > 0) parts.push(`${health.consecutive_failures} failed in a row`);
  if (health.pending > 0) parts.push(`${health.pending} pending`);
  if (health.last_success_at !== null) parts.push(`last success ${distance(health.last_success_at, now)}`);
  return parts.join(', ');
}

const secretText = (secret: string, { paint }: Terminal) =>
  `\n${paint('bold', 'Secret')}  ${secret}\nKeep it now: it is shown this once. Try it with \`kt webhook listen\` and KT_WEBHOOK_SECRET.`;
