import { groups, singles } from '../../src/cli/commands/index.js';
import type { CommandDefinition } from '../../src/cli/command.js';
import { globalOptions, type Option, type Options } from '../../src/cli/options.js';
import { table } from './markdown.js';

/** Every command with its options and examples, and the options of all commands. */
export function ktText(): string {
  const sections = [
    ...groups.map(({ name, summary, commands }) => ({ title: `kt ${name}`, summary, commands })),
    { title: 'Other commands', summary: 'Commands without a group', commands: singles },
  ];
  return [
    ...sections.map(({ title, summary, commands }) =>
      [`## ${title}`, `${summary}.`, ...commands.map(commandText)].join('\n\n'),
    ),
    `## Options of every command\n\n${optionsText(globalOptions)}`,
  ].join('\n\n');
}

function commandText({ path, summary, description, options, examples }: CommandDefinition): string {
  return [
    `### kt ${path}`,
    [`${summary}.`, description].filter(Boolean).join(' '),
    ...(Object.keys(options).length > 0 ? [optionsText(options)] : []),
    `\`\`\`console\n${examples.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

const optionsText = (options: Options) =>
  table(
    ['option', 'meaning'],
    Object.entries(options).map(([name, option]) => [usageOf(name, option), meaningOf(option)]),
  );

const usageOf = (name: string, option: Option) =>
  option.kind === 'flag' ? `\`--${name}\`` : `\`--${name} ${option.value.replaceAll('|', '\\|')}\``;

function meaningOf(option: Option): string {
  const notes = [
    ...(option.kind !== 'flag' && option.required ? ['required'] : []),
    ...(option.kind !== 'flag' && option.positional ? ['the name may be left out'] : []),
  ];
  return notes.length > 0 ? `${option.help} (${notes.join('; ')})` : option.help;
}
