import { at, defineCommand, type Group } from '../command.js';
import { pagingOptions, showList } from '../lists.js';
import { idOption } from '../options.js';
import { show } from '../output/show.js';
import type { Column } from '../output/table.js';
import { shortTime } from '../output/time.js';
import type { Terminal } from '../terminal.js';

interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  permissions: string[];
  expires_at: string | null;
  last_used_at: string | null;
}

const columns = ({ now }: Terminal): Column<ApiKey>[] => [
  { title: 'ID', of: ({ id }) => id },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'BEGINS', of: ({ prefix }) => prefix },
  { title: 'PERMISSIONS', of: ({ permissions }) => permissions.join(', '), flexible: true },
  { title: 'LAST USED', of: ({ last_used_at: at }) => (at === null ? 'never' : shortTime(at, now)) },
  { title: 'EXPIRES', of: ({ expires_at: at }) => (at === null ? 'never' : shortTime(at, now)) },
];

const create = defineCommand({
  path: 'key create',
  summary: 'make an API key of the org, printed this once',
  options: {
    name: { kind: 'text', value: 'TEXT', required: true, help: 'what it is for' },
    permissions: {
      kind: 'texts',
      commas: true,
      value: 'LIST',
      required: true,
      help: 'read, configure, review, ingest; several with commas',
    },
    'expires-at': { kind: 'time', value: 'TIME', help: 'when it ends: 2027-01-01T00:00:00Z' },
    'acts-as': { kind: 'text', value: 'ID:NAME', help: 'whom the records name as the actor' },
  },
  examples: [
    'kt key create --name "gateway eu-1" --permissions ingest',
    'kt key create --name ann --permissions review --acts-as ann:Ann',
  ],
  run: async (call) => {
    const { name, permissions, 'expires-at': expires, 'acts-as': actor } = call.options;
    const made = await call.api.post<ApiKey & { key: string }>(await call.inOrg('/api-keys'), {
      name,
      permissions,
      ...(expires !== undefined && { expires_at: expires }),
      ...(actor !== undefined && { acts_as: readActor(actor) }),
    });
    return show(call, made, ({ id, key }) => `${id}  ${key}\nKeep the key now: it is shown this once.`);
  },
});

/** `ann:Ann Smith`, or one text for both. */
function readActor(text: string): { id: string; name: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { id: text, name: text } : { id: text.slice(0, colon), name: text.slice(colon + 1) };
}

const list = defineCommand({
  path: 'key list',
  summary: 'list the org’s API keys, without their texts',
  options: pagingOptions,
  examples: ['kt key list'],
  run: async (call) =>
    showList<ApiKey>(call, {
      path: await call.inOrg('/api-keys'),
      columns: columns(call.terminal),
      empty: 'No keys yet. Make one: kt key create --name … --permissions read',
    }),
});

const remove = defineCommand({
  path: 'key delete',
  summary: 'delete an API key; it ends within seconds',
  options: { id: idOption('key_', 'the key’s id, not the key') },
  examples: ['kt key delete --id key_01JZX0'],
  run: async (call) => {
    const answer = await call.api.delete(await call.inOrg(at`/api-keys/${call.options.id}`));
    return show(call, answer, () => `${call.options.id} is deleted.`);
  },
});

export const keyGroup: Group = { name: 'key', summary: 'who may call', commands: [create, list, remove] };
