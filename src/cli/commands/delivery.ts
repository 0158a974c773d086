import { at } from '../api-client.js';
import type { Delivery, DeliveryWithPayload, Recovered, TestResult } from '../api-types.js';
import { defineCommand, type CommandDefinition } from '../command.js';
import { idOption } from '../options.js';
import { statusStyle } from '../../lib/paint.js';
import { fields, table, type Column } from '../output/table.js';
import { printable } from '../output/text.js';
import { distance, fullTime, shortTime } from '../output/time.js';
import { pagingOptions, showAnswer, showList } from '../results.js';
import type { Terminal } from '../terminal.js';

const statuses: Delivery['status'][] = ['pending', 'retrying', 'parked', 'succeeded', 'failed', 'cancelled'];
const id = idOption('wh_', 'The endpoint');
const deliveryOptions = { id, delivery: idOption('dlv_', 'The delivery') };
const example = (name: string) => `kt webhook ${name} --id wh_01JZX0 --delivery dlv_01JZX1`;
const timeForms = '2026-01-01T09:30:00Z, or 90m, 24h, 7d ago';

const test = defineCommand({
  path: 'webhook test',
  summary: 'Send an example event now, and show how the endpoint answers',
  description: 'Exits with 1 when the delivery fails.',
  options: { id, type: { kind: 'text', value: 'TYPE', help: 'The event type; default: the first subscribed one' } },
  examples: ['kt webhook test --id wh_01JZX0'],
  run: async (call) => {
    const { id, type } = call.options;
    const answer = await call.org.post<TestResult>(at`/webhooks/${id}/test`, { type });
    await showAnswer(call, answer, testText);
    return answer.body.succeeded ? 0 : 1;
  },
});

const list = defineCommand({
  path: 'webhook deliveries',
  summary: 'List deliveries, sent and pending',
  description: 'CODE is the response of the last attempt, NEXT the time until the next attempt.',
  options: {
    id,
    status: { kind: 'text', value: 'STATUS', choices: statuses, help: `Only ${statuses.join(', ')}` },
    'event-type': { kind: 'text', value: 'TYPE', help: 'Only events of this type' },
    since: { kind: 'time', value: 'TIME', help: `Only events since: ${timeForms}` },
    ...pagingOptions,
  },
  examples: ['kt webhook deliveries --id wh_01JZX0 --status failed --since 24h'],
  run: (call) => {
    const { id, status, since, 'event-type': event_type } = call.options;
    return showList<Delivery>(call, {
      path: at`/webhooks/${id}/deliveries`,
      query: { status, event_type, since },
      columns: deliveryColumns(call.terminal),
      empty: `No such deliveries. Send something to this endpoint: kt webhook test --id ${id}`,
    });
  },
});

const show = defineCommand({
  path: 'webhook delivery',
  summary: 'Show a delivery with its attempts and its payload',
  options: deliveryOptions,
  examples: [example('delivery')],
  run: async (call) => {
    const { id, delivery } = call.options;
    return showAnswer(
      call,
      call.org.get<DeliveryWithPayload>(at`/webhooks/${id}/deliveries/${delivery}`),
      deliveryText,
    );
  },
});

const action = (name: 'resend' | 'cancel', summary: string): CommandDefinition =>
  defineCommand({
    path: `webhook ${name}`,
    summary,
    options: deliveryOptions,
    examples: [example(name)],
    run: async (call) => {
      const { id, delivery } = call.options;
      return showAnswer(
        call,
        call.org.post<Delivery>(at`/webhooks/${id}/deliveries/${delivery}/${name}`),
        deliveryText,
      );
    },
  });

const recover = defineCommand({
  path: 'webhook recover',
  summary: 'Deliver again what failed, and what was missed while the endpoint was disabled',
  options: {
    id,
    since: { kind: 'time', value: 'TIME', required: true, help: `From then on: ${timeForms}` },
    retrying: { kind: 'flag', help: 'Also attempt now what waits for its next attempt' },
  },
  examples: ['kt webhook recover --id wh_01JZX0 --since 7d', 'kt webhook recover wh_01JZX0 --since 1h --retrying'],
  run: async (call) => {
    const { id, since, retrying } = call.options;
    const answer = call.org.post<Recovered>(at`/webhooks/${id}/recover`, { since, retrying: retrying || undefined });
    return showAnswer(call, answer, ({ count }) => `${count} to be delivered. Watch: kt webhook deliveries --id ${id}`);
  },
});

export const deliveryCommands: readonly CommandDefinition[] = [
  test,
  list,
  show,
  action('resend', 'Attempt a delivery once more now'),
  action('cancel', 'Stop attempting a delivery'),
  recover,
];

type Attempt = Delivery['attempts'][number];

const codeOf = (attempt: Attempt | undefined) =>
  attempt === undefined ? '' : String(attempt.response_code ?? attempt.error ?? 'none');

const deliveryColumns = ({ now }: Terminal): Column<Delivery>[] => [
  { title: 'TIME', of: ({ created_at }) => shortTime(created_at, now) },
  { title: 'EVENT', of: ({ event_type }) => event_type, flexible: true },
  { title: 'CODE', of: ({ attempts }) => codeOf(attempts.at(-1)), flexible: true },
  { title: 'STATUS', of: ({ status }) => status, style: statusStyle },
  { title: 'TRIES', of: ({ attempts }) => String(attempts.length), align: 'right' },
  { title: 'NEXT', of: ({ next_attempt_at: next }) => (next ? distance(next, now) : '') },
  { title: 'ID', of: ({ id }) => id },
];

const attemptColumns = ({ now }: Terminal): Column<Attempt>[] => [
  { title: 'TRY', of: ({ number }) => String(number), align: 'right' },
  { title: 'TIME', of: ({ at }) => shortTime(at, now) },
  { title: 'BY', of: ({ trigger }) => trigger },
  { title: 'CODE', of: ({ response_code }) => String(response_code ?? 'none'), align: 'right' },
  { title: 'TOOK', of: ({ duration_ms }) => `${duration_ms} ms`, align: 'right' },
  { title: 'ERROR OR ANSWER', of: ({ error, response_body }) => error ?? response_body, flexible: true },
];

/** A delivery with its attempts and, where the API gives it, its payload. */
function deliveryText(delivery: Delivery & Partial<DeliveryWithPayload>, terminal: Terminal): string {
  const { attempts, next_attempt_at: next, payload } = delivery;
  const head = fields(
    [
      ['id', delivery.id],
      ['status', delivery.status],
      ['event', `${delivery.event_type} (${delivery.event_id})`],
      ['created', fullTime(delivery.created_at, terminal.now)],
      ['next try', next && fullTime(next, terminal.now)],
      ['workflow', delivery.workflow?.url ?? delivery.workflow?.id],
    ],
    terminal,
  );
  const sections = [
    head,
    attempts.length === 0 ? 'Not tried yet.' : table(attemptColumns(terminal), attempts, terminal),
  ];
  if (payload !== undefined) {
    sections.push(`${terminal.paint('dim', 'payload')}\n${printable(JSON.stringify(payload, null, 2))}`);
  }
  return sections.join('\n\n');
}

const testText = (result: TestResult, terminal: Terminal) =>
  fields(
    [
      ['result', result.succeeded ? 'succeeded' : 'failed'],
      ['code', String(result.response_code ?? 'none')],
      ['took', `${result.duration_ms} ms`],
      ['error', result.error],
      ['answer', result.response_body],
      ['delivery', result.delivery_id],
    ],
    terminal,
  );
