import { readFile } from 'node:fs/promises';
import { ingestedEventTypes } from '../../events/types.js';
import type { Ingested } from '../api-types.js';
import { defineCommand, type CommandGroup } from '../command.js';
import { CommandError, errorCode, UsageError } from '../errors.js';
import { isObject, parseJson } from '../json.js';
import { showAnswer } from '../results.js';
import type { Terminal } from '../terminal.js';

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

/**
 * Reads a JSON object from the command line, from `@file`, or from stdin (`-`).
 * @returns its text, which is sent unchanged: parsing it would lose large numbers and repeated names
 * @throws UsageError when it is not an object, CommandError when a file cannot be read
 */
async function readJsonObject(name: string, text: string, { readInput }: Terminal): Promise<string> {
  const source = text === '-' ? 'stdin' : text.startsWith('@') ? text.slice(1) : `--${name}`;
  const content = text === '-' ? await readInput() : text.startsWith('@') ? await readTextFile(source) : text;
  const json = content.replace(/^\ufeff/, '').trim();
  if (isObject(parseJson(json))) return json;
  throw new UsageError(
    `${source} must be a JSON object, such as '{"gateway":"eu-1"}'; @FILE reads a file, - reads stdin.`,
  );
}

async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${errorCode(error) ?? 'unknown'}).`);
  }
}
