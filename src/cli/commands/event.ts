import { ingestedEventTypes } from '../../events/types.js';
import type { Ingested } from '../api-types.js';
import { defineCommand, type CommandGroup } from '../command.js';
import { readJsonObject } from '../json-input.js';
import { showAnswer } from '../results.js';

const send = defineCommand({
  path: 'event send',
  summary: 'Send an event',
  description: `Needs a key with the permission ingest. Types: ${ingestedEventTypes.join(', ')}.`,
  options: {
    type: { kind: 'text', value: 'TYPE', required: true, help: 'The type of the event' },
    data: { kind: 'text', value: 'JSON', required: true, help: 'A JSON object; @FILE reads a file, - reads stdin' },
    id: { kind: 'text', value: 'TEXT', help: 'Your own id of the event: sending it again creates no second event' },
    'occurred-at': { kind: 'time', value: 'TIME', help: 'When it happened; default: now' },
  },
  examples: [
    `kt event send --type gateway.health_changed --data '{"gateway":"eu-1","from":"up","to":"down"}'`,
    'kt event send --type event.created --id order-17 --data @event.json',
  ],
  run: async (call) => {
    const { type, id, data, 'occurred-at': occurred_at } = call.options;
    const json = await readJsonObject('data', data, call.terminal);
    const head = JSON.stringify({ type, id, occurred_at }).slice(0, -1);
    const answer = await call.org.post<Ingested>('/events', `${head},"data":${json}}`);
    return showAnswer(call, answer, ({ events }) =>
      events
        .map((event) => `${event.id}${event.duplicate ? '  duplicate: the id of the event sent before' : ''}`)
        .join('\n'),
    );
  },
});

export const eventGroup: CommandGroup = {
  name: 'event',
  summary: 'Send events to policies and endpoints',
  commands: [send],
};
