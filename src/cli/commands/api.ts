import { methods } from '../api-client.js';
import { defineCommand } from '../command.js';
import { UsageError } from '../errors.js';
import { readJsonObject } from '../json-input.js';
import { printable } from '../output/text.js';
import { showAnswer } from '../results.js';

/** For what has no command of its own: connections, policies, routing, channels, sources. */
export const apiCommand = defineCommand({
  path: 'api',
  summary: 'Call any operation of the API and print its JSON',
  description:
    'The path is below the org: /connections. One that begins with /api/v1 is taken as it is: /api/v1/orgs. docs/reference/api.md lists the operations.',
  options: {
    method: { kind: 'text', value: 'METHOD', required: true, positional: true, help: methods.join(', ') },
    path: { kind: 'text', value: 'PATH', required: true, positional: true, help: 'The path, with its query' },
    data: { kind: 'text', value: 'JSON', help: 'The body, a JSON object; @FILE reads a file, - reads stdin' },
  },
  examples: [
    'kt api get /escalation-policies',
    'kt api put /approvals --data @approvals.json',
    'kt api post /connections/con_01JZX0/test',
  ],
  run: async (call) => {
    const { method: name, path, data } = call.options;
    const method = methods.find((each) => each === name.toUpperCase());
    if (method === undefined) throw new UsageError(`The method must be one of ${methods.join(', ')}.`);
    if (!path.startsWith('/')) throw new UsageError('The path must begin with a slash: /connections.');
    const body = data === undefined ? undefined : await readJsonObject('data', data, call.terminal);
    const whole = /^\/api\/v1(?=\/)/.exec(path);
    const client = whole ? call.api : call.org;
    const answer = client.send(method, whole ? path.slice(whole[0].length) : path, body);
    return showAnswer(call, answer, (value) =>
      value === undefined ? 'Done.' : printable(JSON.stringify(value, null, 2)),
    );
  },
});
