import { ingestedEventTypes } from '../../events/types.js';
import { defineCommand, type Group } from '../command.js';
import { show } from '../output/show.js';
import { readJsonObject } from './text-input.js';

interface Ingested {
  events: { id: string; source_id: string | null; duplicate: boolean }[];
}

const send = defineCommand({
  path: 'event send',
  summary: 'send an event',
  description: `Needs a key with the permission ingest. Types: ${ingestedEventTypes.join(', ')}.`,
  options: {
    type: { kind: 'text', value: 'TYPE', required: true, help: 'the event’s type' },
    data: { kind: 'text', value: 'JSON', required: true, help: 'a JSON object; @FILE reads a file, - reads stdin' },
    id: { kind: 'text', value: 'TEXT', help: 'your own id: the same one twice is one event' },
    'occurred-at': { kind: 'time', value: 'TIME', help: 'when it happened; else now' },
  },
  examples: [
    `kt event send --type gateway.health_changed --data '{"gateway":"eu-1","from":"up","to":"down"}'`,
    'kt event send --type event.created --id order-17 --data @event.json',
  ],
  run: async (call) => {
    const { type, id, data, 'occurred-at': at } = call.options;
    const json = await readJsonObject('data', data, call.terminal);
    const rest = JSON.stringify({
      type,
      ...(id !== undefined && { id }),
      ...(at !== undefined && { occurred_at: at }),
    });
    const path = await call.inOrg('/events');
    const answer = await call.api.post<Ingested>(path, `${rest.slice(0, -1)},"data":${json}}`);
    return show(call, answer, ({ events }) =>
      events.map((event) => `${event.id}${event.duplicate ? '  known already: the first one’s id' : ''}`).join('\n'),
    );
  },
});

export const eventGroup: Group = {
  name: 'event',
  summary: 'what happened, for policies and receivers',
  commands: [send],
};
