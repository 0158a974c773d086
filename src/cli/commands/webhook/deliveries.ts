import { at, defineCommand, type Call, type Command } from '../../command.js';
import { pagingOptions, showList } from '../../lists.js';
import { idOption, type Options } from '../../options.js';
import { fields } from '../../output/fields.js';
import { show } from '../../output/show.js';
import { deliveryColumns, deliveryText, type Delivery } from './delivery.js';

const statuses = ['pending', 'retrying', 'parked', 'succeeded', 'failed', 'cancelled'] as const;
const id = idOption('wh_', 'the endpoint');
const deliveryOptions = { id, delivery: idOption('dlv_', 'the delivery') };
const example = (word: string) => `kt webhook ${word} --id wh_01JZX0 --delivery dlv_01JZX1`;

const list = defineCommand({
  path: 'webhook deliveries',
  summary: 'list what was delivered, and what is still to be',
  description: 'CODE is what the last try was answered with, NEXT when the next one is.',
  options: {
    id,
    status: { kind: 'text', value: 'STATUS', choices: statuses, help: `only ${statuses.join(', ')}` },
    'event-type': { kind: 'text', value: 'TYPE', help: 'only events of this type' },
    since: { kind: 'time', value: 'TIME', help: 'only since then: 2026-01-01T09:30:00Z, or 90m, 24h, 7d ago' },
    ...pagingOptions,
  },
  examples: ['kt webhook deliveries --id wh_01JZX0 --status failed --since 24h'],
  run: async (call) => {
    const { id, status, since, 'event-type': type } = call.options;
    return showList<Delivery>(call, {
      path: await call.inOrg(at`/webhooks/${id}/deliveries`),
      query: { status, event_type: type, since },
      columns: deliveryColumns(call.terminal),
      empty: `No such deliveries. Send something to this endpoint: kt webhook test --id ${id}`,
    });
  },
});

const showOne = defineCommand({
  path: 'webhook delivery',
  summary: 'show a delivery: each attempt, and the payload',
  options: deliveryOptions,
  examples: [example('delivery')],
  run: async (call) => {
    const { id, delivery } = call.options;
    const found = await call.api.get<Delivery>(await call.inOrg(at`/webhooks/${id}/deliveries/${delivery}`));
    return show(call, found, (one) => deliveryText(one, call.terminal));
  },
});

const acted = (word: string, summary: string): Command =>
  defineCommand({
    path: `webhook ${word}`,
    summary,
    options: deliveryOptions,
    examples: [example(word)],
    run: async (call) => {
      const { id, delivery } = call.options;
      const path = `${at`/webhooks/${id}/deliveries/${delivery}`}/${word}`;
      return show(call, await call.api.post<Delivery>(await call.inOrg(path)), (one) =>
        deliveryText(one, call.terminal),
      );
    },
  });

const recover = defineCommand({
  path: 'webhook recover',
  summary: 'deliver again what failed, and what was missed while disabled',
  options: {
    id,
    since: {
      kind: 'time',
      value: 'TIME',
      required: true,
      help: 'from then on: 2026-01-01T09:30:00Z, or 90m, 24h, 7d ago',
    },
  },
  examples: ['kt webhook recover --id wh_01JZX0 --since 7d'],
  run: async (call) => {
    const { id, since } = call.options;
    const answer = await call.api.post<{ count: number }>(await call.inOrg(at`/webhooks/${id}/recover`), { since });
    return show(call, answer, ({ count }) => `${count} to be delivered. Watch: kt webhook deliveries --id ${id}`);
  },
});

interface Tested {
  delivery_id: string;
  succeeded: boolean;
  response_code: number | null;
  duration_ms: number;
  response_body: string | null;
  error: string | null;
}

const test = defineCommand({
  path: 'webhook test',
  summary: 'send an example now, and show what the endpoint answers',
  description: 'Exits with 1 when the endpoint did not take it.',
  options: { id, type: { kind: 'text', value: 'TYPE', help: 'of this event type; else the first subscribed one' } },
  examples: ['kt webhook test --id wh_01JZX0'],
  run: async (call) => {
    const { id, type } = call.options;
    const body = type === undefined ? {} : { type };
    const answer = await call.api.post<Tested>(await call.inOrg(at`/webhooks/${id}/test`), body);
    show(call, answer, (tested) => testText(tested, call));
    return answer.body.succeeded ? 0 : 1;
  },
});

const testText = (tested: Tested, { terminal }: Pick<Call<Options>, 'terminal'>) =>
  fields(
    [
      ['result', tested.succeeded ? 'succeeded' : 'failed'],
      ['code', tested.response_code === null ? 'none' : String(tested.response_code)],
      ['took', `${tested.duration_ms} ms`],
      ['error', tested.error],
      ['answer', tested.response_body],
      ['delivery', tested.delivery_id],
    ],
    terminal,
  );

export const deliveryCommands = [
  test,
  list,
  showOne,
  acted('resend', 'try a delivery once more now'),
  acted('cancel', 'try a delivery no more'),
  recover,
];
