import { defineCommand, type Group } from '../command.js';
import { pagingOptions, showList } from '../lists.js';
import { show } from '../output/show.js';
import type { Column } from '../output/table.js';
import { shortTime } from '../output/time.js';
import type { Terminal } from '../terminal.js';

interface Org {
  id: string;
  name: string;
  created_at: string;
}

const columns = ({ now }: Terminal): Column<Org>[] => [
  { title: 'ID', of: ({ id }) => id },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'CREATED', of: ({ created_at }) => shortTime(created_at, now) },
];

const create = defineCommand({
  path: 'org create',
  summary: 'make an org (admin key)',
  options: {
    id: { kind: 'text', value: 'ID', required: true, positional: true, help: 'lower-case letters, digits and hyphens' },
    name: { kind: 'text', value: 'TEXT', required: true, help: 'what people call it' },
  },
  examples: ['kt org create --id acme --name "Acme Ltd"'],
  run: async (call) => {
    const { id, name } = call.options;
    const made = await call.api.post<Org>('/orgs', { id, name });
    return show(
      call,
      made,
      (org) => `${org.id} is there. Next: kt key create --org ${org.id} --name … --permissions …`,
    );
  },
});

const list = defineCommand({
  path: 'org list',
  summary: 'list the orgs (admin key)',
  options: pagingOptions,
  examples: ['kt org list'],
  run: (call) =>
    showList<Org>(call, {
      path: '/orgs',
      columns: columns(call.terminal),
      empty: 'No orgs yet. Make one: kt org create --id acme --name Acme',
    }),
});

export const orgGroup: Group = { name: 'org', summary: 'whose the things are', commands: [create, list] };
