import { at } from '../api-client.js';
import type { ApiKey, CreatedApiKey, Org } from '../api-types.js';
import { defineCommand, type CommandGroup } from '../command.js';
import { idOption } from '../options.js';
import type { Column } from '../output/table.js';
import { shortTime } from '../output/time.js';
import { pagingOptions, showAnswer, showList } from '../results.js';
import type { Terminal } from '../terminal.js';

const orgColumns = ({ now }: Terminal): Column<Org>[] => [
  { title: 'ID', of: ({ id }) => id },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'CREATED', of: ({ created_at }) => shortTime(created_at, now) },
];

const createOrg = defineCommand({
  path: 'org create',
  summary: 'Create an org (admin key)',
  options: {
    id: { kind: 'text', value: 'ID', required: true, positional: true, help: 'Lower-case letters, digits and hyphens' },
    name: { kind: 'text', value: 'TEXT', required: true, help: 'The display name' },
  },
  examples: ['kt org create --id acme --name "Acme Ltd"'],
  run: async (call) => {
    const { id, name } = call.options;
    const answer = await call.api.post<Org>('/orgs', { id, name });
    return showAnswer(
      call,
      answer,
      (org) => `${org.id} is created. Next: kt key create --org ${org.id} --name … --permissions …`,
    );
  },
});

const listOrgs = defineCommand({
  path: 'org list',
  summary: 'List the orgs (admin key)',
  options: pagingOptions,
  examples: ['kt org list'],
  run: (call) =>
    showList<Org>(call, {
      client: call.api,
      path: '/orgs',
      columns: orgColumns(call.terminal),
      empty: 'No orgs yet. Create one: kt org create --id acme --name Acme',
    }),
});

export const orgGroup: CommandGroup = { name: 'org', summary: 'Manage orgs', commands: [createOrg, listOrgs] };

const timeOrNever = (time: string | null, now: Date) => (time === null ? 'never' : shortTime(time, now));

const keyColumns = ({ now }: Terminal): Column<ApiKey>[] => [
  { title: 'ID', of: ({ id }) => id },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'BEGINS', of: ({ prefix }) => prefix },
  { title: 'PERMISSIONS', of: ({ permissions }) => permissions.join(', '), flexible: true },
  { title: 'LAST USED', of: ({ last_used_at }) => timeOrNever(last_used_at, now) },
  { title: 'EXPIRES', of: ({ expires_at }) => timeOrNever(expires_at, now) },
];

const createKey = defineCommand({
  path: 'key create',
  summary: 'Create an API key of the org and print it this once',
  options: {
    name: { kind: 'text', value: 'TEXT', required: true, help: 'What the key is for' },
    permissions: {
      kind: 'list',
      commas: true,
      value: 'LIST',
      required: true,
      help: 'read, configure, review, ingest; several with commas',
    },
    'expires-at': { kind: 'time', value: 'TIME', help: 'When the key expires: 2027-01-01T00:00:00Z' },
    'acts-as': { kind: 'text', value: 'ID:NAME', help: 'The actor that records name for calls with this key' },
  },
  examples: [
    'kt key create --name "gateway eu-1" --permissions ingest',
    'kt key create --name ann --permissions review --acts-as ann:Ann',
  ],
  run: async (call) => {
    const { name, permissions, 'expires-at': expires_at, 'acts-as': actor } = call.options;
    const acts_as = actor === undefined ? undefined : readActor(actor);
    const answer = await call.org.post<CreatedApiKey>('/api-keys', { name, permissions, expires_at, acts_as });
    return showAnswer(call, answer, ({ id, key }) => `${id}  ${key}\nKeep the key now: it is shown this once.`);
  },
});

/** Reads `ann:Ann Smith`; a text without a colon is both id and name. */
function readActor(text: string): { id: string; name: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { id: text, name: text } : { id: text.slice(0, colon), name: text.slice(colon + 1) };
}

const listKeys = defineCommand({
  path: 'key list',
  summary: 'List the API keys of the org, without the keys themselves',
  options: pagingOptions,
  examples: ['kt key list'],
  run: (call) =>
    showList<ApiKey>(call, {
      path: '/api-keys',
      columns: keyColumns(call.terminal),
      empty: 'No keys yet. Create one: kt key create --name … --permissions read',
    }),
});

const deleteKey = defineCommand({
  path: 'key delete',
  summary: 'Delete an API key; it stops working within seconds',
  options: { id: idOption('key_', 'The id of the key, not the key itself') },
  examples: ['kt key delete --id key_01JZX0'],
  run: (call) =>
    showAnswer(call, call.org.delete(at`/api-keys/${call.options.id}`), () => `${call.options.id} is deleted.`),
});

export const keyGroup: CommandGroup = {
  name: 'key',
  summary: 'Manage API keys',
  commands: [createKey, listKeys, deleteKey],
};
