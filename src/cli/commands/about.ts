import type { Readiness, Whoami } from '../api-types.js';
import { defineCommand, type CommandDefinition } from '../command.js';
import { completionScript, shells } from '../completion.js';
import { UsageError } from '../errors.js';
import { statusStyle } from '../../lib/paint.js';
import { fields, table, type Column, type Field } from '../output/table.js';
import { showAnswer } from '../results.js';
import type { Terminal } from '../terminal.js';

const whoami = defineCommand({
  path: 'whoami',
  summary: 'Show the org and the permissions of the key',
  options: {},
  examples: ['kt whoami'],
  run: (call) => showAnswer(call, call.api.get<Whoami>('/whoami'), whoamiText),
});

function whoamiText({ org, admin, permissions, actor }: Whoami, terminal: Terminal): string {
  const entries: Field[] = [
    ['org', org === null ? 'every org (name one with --org or KT_ORG)' : `${org.id} (${org.name})`],
    ['admin', admin ? 'yes' : 'no'],
    ['permissions', permissions.join(', ')],
    ['acts as', actor.name === actor.id ? actor.name : `${actor.name} (${actor.id})`],
  ];
  return fields(entries, terminal);
}

const readiness = defineCommand({
  path: 'readiness',
  summary: 'Show what is set up for the org, and what is missing',
  description: 'Exits with 1 while something is missing.',
  options: {},
  examples: ['kt readiness'],
  run: async (call) => {
    const answer = await call.org.get<Readiness>('/setup/readiness');
    await showAnswer(call, answer, ({ checks }, terminal) => table(checkColumns, checks, terminal));
    return answer.body.ready ? 0 : 1;
  },
});

const checkColumns: Column<Readiness['checks'][number]>[] = [
  { title: 'STATUS', of: ({ status }) => status, style: statusStyle },
  { title: 'CHECK', of: ({ id }) => id },
  { title: 'WHAT IT MEANS', of: ({ detail }) => detail },
];

const completion = defineCommand({
  path: 'completion',
  summary: 'Print a script that completes commands and options in a shell',
  description:
    'Load it at the start of the shell: eval "$(kt completion bash)" in ~/.bashrc, eval "$(kt completion zsh)" in ~/.zshrc after compinit, kt completion fish | source in ~/.config/fish/config.fish.',
  options: {
    shell: { kind: 'text', value: 'SHELL', choices: shells, required: true, positional: true, help: shells.join(', ') },
  },
  examples: ['kt completion bash', 'kt completion zsh', 'kt completion fish'],
  run: ({ options, program, terminal }) => {
    const shell = shells.find((each) => each === options.shell);
    if (shell === undefined) throw new UsageError(`--shell must be one of ${shells.join(', ')}.`);
    terminal.out(completionScript(program, shell));
    return Promise.resolve(0);
  },
});

/** The commands without a group. */
export const aboutCommands: readonly CommandDefinition[] = [whoami, readiness, completion];
