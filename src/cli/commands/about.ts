import { defineCommand, type Command } from '../command.js';
import { fields } from '../output/fields.js';
import { styleOf } from '../../lib/paint.js';
import { show } from '../output/show.js';
import { table } from '../output/table.js';

interface Whoami {
  org: { id: string; name: string } | null;
  admin: boolean;
  permissions: string[];
  actor: { id: string; name: string };
}

const whoami = defineCommand({
  path: 'whoami',
  summary: 'say whose the key is, and what it may do',
  options: {},
  examples: ['kt whoami'],
  run: async (call) =>
    show(call, await call.api.get<Whoami>('/whoami'), ({ org, admin, permissions, actor }) =>
      fields(
        [
          ['org', org === null ? 'every org (name one with --org or KT_ORG)' : `${org.id} (${org.name})`],
          ['admin', admin ? 'yes' : 'no'],
          ['permissions', permissions.join(', ')],
          ['acts as', actor.name === actor.id ? actor.name : `${actor.name} (${actor.id})`],
        ],
        call.terminal,
      ),
    ),
});

interface Readiness {
  ready: boolean;
  checks: { id: string; status: string; detail: string; missing: string[] }[];
}

const readiness = defineCommand({
  path: 'readiness',
  summary: 'say what is set up for the org, and what is to do',
  description: 'Exits with 1 while something is missing.',
  options: {},
  examples: ['kt readiness'],
  run: async (call) => {
    const answer = await call.api.get<Readiness>(await call.inOrg('/setup/readiness'));
    show(call, answer, ({ checks }) =>
      table(
        [
          { title: 'STATUS', of: ({ status }) => status, style: styleOf },
          { title: 'CHECK', of: ({ id }) => id },
          { title: 'WHAT IT MEANS', of: ({ detail }) => detail },
        ],
        checks,
        call.terminal,
      ),
    );
    return answer.body.ready ? 0 : 1;
  },
});

export const aboutCommands: readonly Command[] = [whoami, readiness];
