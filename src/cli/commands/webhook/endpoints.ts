import { at, defineCommand, type Command } from '../../command.js';
import { UsageError } from '../../errors.js';
import { pagingOptions, showList } from '../../lists.js';
import { idOption } from '../../options.js';
import { show } from '../../output/show.js';
import { endpointOptions, eventsHelp, readHeaders, typesText } from './endpoint-options.js';
import { secretText, webhookColumns, webhookText, type Webhook } from './present.js';

const id = idOption('wh_', 'the endpoint');

const create = defineCommand({
  path: 'webhook create',
  summary: 'make an endpoint that events are delivered to',
  description: `Prints its secret, this once. Deliveries are signed by Standard Webhooks and with X-Keeptrusts-Signature; try a receiver with \`kt webhook listen\`. ${typesText}`,
  options: {
    url: { kind: 'text', value: 'URL', required: true, help: 'where to deliver: http or https' },
    events: { kind: 'texts', commas: true, value: 'TYPES', required: true, help: eventsHelp },
    ...endpointOptions,
    disabled: { kind: 'flag', help: 'make it, and deliver nothing yet' },
  },
  examples: [
    'kt webhook create --url https://example.com/hooks --events escalation.created,escalation.resolved',
    "kt webhook create --url http://127.0.0.1:4400 --events event.created --ordered --header 'X-Team: risk'",
  ],
  run: async (call) => {
    const { url, events, description, ordered, disabled, header, 'rate-limit': rate } = call.options;
    const made = await call.api.post<Webhook>(await call.inOrg('/webhooks'), {
      url,
      events,
      ...(description !== undefined && { description }),
      ...(header.length > 0 && { headers: readHeaders(header) }),
      ...(rate !== undefined && { rate_limit_per_second: rate }),
      ...(ordered && { ordered }),
      ...(disabled && { enabled: false }),
    });
    return show(call, made, (webhook) => {
      const { secret } = webhook;
      return (
        webhookText(webhook, call.terminal) + (secret === undefined ? '' : `\n${secretText(secret, call.terminal)}`)
      );
    });
  },
});

const list = defineCommand({
  path: 'webhook list',
  summary: 'list the endpoints',
  options: pagingOptions,
  examples: ['kt webhook list'],
  run: async (call) =>
    showList<Webhook>(call, {
      path: await call.inOrg('/webhooks'),
      columns: webhookColumns(call.terminal),
      empty: 'No endpoints yet. Make one: kt webhook create --url URL --events escalation.created',
    }),
});

const showOne = defineCommand({
  path: 'webhook show',
  summary: 'show an endpoint',
  options: { id },
  examples: ['kt webhook show --id wh_01JZX0'],
  run: async (call) => {
    const found = await call.api.get<Webhook>(await call.inOrg(at`/webhooks/${call.options.id}`));
    return show(call, found, (webhook) => webhookText(webhook, call.terminal));
  },
});

const update = defineCommand({
  path: 'webhook update',
  summary: 'change an endpoint; what is not given stays',
  description: typesText,
  options: {
    id,
    url: { kind: 'text', value: 'URL', help: 'where to deliver' },
    events: { kind: 'texts', commas: true, value: 'TYPES', help: eventsHelp },
    ...endpointOptions,
    'no-ordered': { kind: 'flag', help: 'deliver side by side' },
    'no-rate-limit': { kind: 'flag', help: 'as fast as it goes' },
    'no-headers': { kind: 'flag', help: 'send no headers along' },
  },
  examples: ['kt webhook update --id wh_01JZX0 --events budget.threshold_reached --rate-limit 20'],
  run: async (call) => {
    const { id, url, events, description, header, ordered, 'rate-limit': rate, ...not } = call.options;
    const twice = [
      [ordered, not['no-ordered'], 'ordered'] as const,
      [rate !== undefined, not['no-rate-limit'], 'rate-limit'] as const,
      [header.length > 0, not['no-headers'], 'header'] as const,
    ].find(([yes, no]) => yes && no);
    if (twice) throw new UsageError(`--${twice[2]} is given, and its contrary too.`);
    const change = {
      ...(url !== undefined && { url }),
      ...(events.length > 0 && { events }),
      ...(description !== undefined && { description }),
      ...(header.length > 0 && { headers: readHeaders(header) }),
      ...(not['no-headers'] && { headers: {} }),
      ...(rate !== undefined && { rate_limit_per_second: rate }),
      ...(not['no-rate-limit'] && { rate_limit_per_second: null }),
      ...(ordered && { ordered }),
      ...(not['no-ordered'] && { ordered: false }),
    };
    if (Object.keys(change).length === 0)
      throw new UsageError('Nothing to change: give at least one option besides --id.');
    const changed = await call.api.patch<Webhook>(await call.inOrg(at`/webhooks/${id}`), change);
    return show(call, changed, (webhook) => webhookText(webhook, call.terminal));
  },
});

const remove = defineCommand({
  path: 'webhook delete',
  summary: 'delete an endpoint, and with it what it still was to be sent',
  options: { id },
  examples: ['kt webhook delete --id wh_01JZX0'],
  run: async (call) => {
    const answer = await call.api.delete(await call.inOrg(at`/webhooks/${call.options.id}`));
    return show(call, answer, () => `${call.options.id} is deleted.`);
  },
});

const switched = (enabled: boolean, word: string, summary: string): Command =>
  defineCommand({
    path: `webhook ${word}`,
    summary,
    options: { id },
    examples: [`kt webhook ${word} --id wh_01JZX0`],
    run: async (call) => {
      const changed = await call.api.patch<Webhook>(await call.inOrg(at`/webhooks/${call.options.id}`), { enabled });
      return show(call, changed, (webhook) => webhookText(webhook, call.terminal));
    },
  });

export const endpointCommands = [
  create,
  list,
  showOne,
  update,
  remove,
  switched(true, 'enable', 'deliver again; `kt webhook recover` fetches what was missed'),
  switched(false, 'disable', 'stop delivering to an endpoint'),
];
