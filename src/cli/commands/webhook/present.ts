import type { Column } from '../../output/table.js';
import { fields } from '../../output/fields.js';
import { styleOf } from '../../../lib/paint.js';
import { distance, fullTime, shortTime } from '../../output/time.js';
import type { Terminal } from '../../terminal.js';

/** An endpoint, as far as it is shown. */
export interface Webhook {
  id: string;
  url: string;
  events: string[];
  description?: string | null;
  headers?: string[];
  rate_limit_per_second?: number | null;
  ordered?: boolean;
  enabled: boolean;
  disabled_reason?: string | null;
  health?: {
    status: string;
    last_success_at: string | null;
    consecutive_failures: number;
    pending: number;
  };
  created_at: string;
  updated_at: string;
  /** When it was made. */
  secret?: string;
}

/** An endpoint with all that is set. */
export function webhookText(webhook: Webhook, terminal: Terminal): string {
  const { headers = [], rate_limit_per_second: rate } = webhook;
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
      ['ordered', webhook.ordered ? 'yes: one after another' : 'no'],
      ['rate limit', rate === null || rate === undefined ? 'none' : `${rate} a second`],
      ['headers', headers.join(', ')],
      ['created', fullTime(webhook.created_at, now)],
      ['updated', fullTime(webhook.updated_at, now)],
    ],
    terminal,
  );
}

/** In words, and what it rests on. */
function healthText({ health }: Webhook, now: Date): string | null {
  if (health === undefined) return null;
  const { status, consecutive_failures: failures, pending, last_success_at: success } = health;
  return [
    status,
    ...(failures > 0 ? [`${failures} failed in a row`] : []),
    ...(pending > 0 ? [`${pending} pending`] : []),
    ...(success === null ? [] : [`last success ${distance(success, now)}`]),
  ].join(', ');
}

export const webhookColumns = ({ now }: Terminal): Column<Webhook>[] => [
  { title: 'STATE', of: ({ enabled }) => (enabled ? 'enabled' : 'disabled'), style: styleOf },
  { title: 'ID', of: ({ id }) => id },
  { title: 'URL', of: ({ url }) => url, flexible: true },
  { title: 'EVENTS', of: ({ events }) => events.join(', '), flexible: true },
  {
    title: 'HEALTH',
    of: ({ health, disabled_reason: why }) => why ?? health?.status ?? '',
    style: styleOf,
    flexible: true,
  },
  { title: 'CREATED', of: ({ created_at }) => shortTime(created_at, now) },
];

/** What is said with a secret: it is the one time. */
export const secretText = (secret: string, { paint }: Terminal) =>
  `\n${paint('bold', 'Secret')}  ${secret}\nKeep it now: it is shown this once. Try it with \`kt webhook listen\` and KT_WEBHOOK_SECRET.`;
