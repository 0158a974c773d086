import type { Command, Group } from './command.js';
import { groups, singles } from './commands/index.js';
import { everywhere, type Option, type Options } from './options.js';
import type { Paint } from '../lib/paint.js';

/** What `kt` says by itself. */
export function overview(paint: Paint): string {
  const entries = [
    ...groups.map(({ name, summary }): Row => [`kt ${name} …`, summary]),
    ...singles.map(({ path, summary }): Row => [`kt ${path}`, summary]),
  ];
  return page(paint, [
    ['', ['kt talks to Drawbridge: webhooks, escalations, tickets and events.']],
    ['Commands', rows(entries)],
    [
      'Begin',
      [
        '  export KT_API_URL=http://localhost:8080 KT_API_KEY=… KT_ORG=acme',
        '  kt whoami',
        '  kt webhook create --url http://127.0.0.1:4400 --events event.created',
        '  kt webhook listen --port 4400',
      ],
    ],
    ['Everywhere', rows(optionRows(everywhere))],
    [
      '',
      [
        '`kt help webhook` lists a group’s commands; `kt webhook create --help` explains one, with an example.',
        'Exit codes: 0 done, 1 refused or failed, 2 wrong use.',
      ],
    ],
  ]);
}

/** A group's commands, each with an example. */
export function groupHelp({ name, summary, commands }: Group, paint: Paint): string {
  return page(paint, [
    ['', [`kt ${name}: ${summary}.`]],
    ['Commands', rows(commands.map((command): Row => [`kt ${command.path}`, command.summary]))],
    ['Examples', commands.map(({ examples }) => `  ${examples[0]}`)],
    ['', [`\`kt ${commands[0]?.path ?? name} --help\` explains one.`]],
  ]);
}

/** All that there is to know of a command. */
export function commandHelp({ path, summary, description, options, examples }: Command, paint: Paint): string {
  return page(paint, [
    ['', [`kt ${path}: ${summary}.`, ...(description === undefined ? [] : wrapped(description))]],
    ['Usage', [`  ${usageLine({ path, options })}`]],
    ...(Object.keys(options).length === 0 ? [] : [['Options', rows(optionRows(options))] as Section]),
    [examples.length === 1 ? 'Example' : 'Examples', examples.map((example) => `  ${example}`)],
    ['Everywhere', rows(optionRows(everywhere))],
  ]);
}

/** `kt webhook show --id wh_…`: what is required, and that there is more. */
export function usageLine({ path, options }: Pick<Command, 'path' | 'options'>): string {
  const required = Object.entries(options).flatMap(([name, option]) =>
    option.kind !== 'flag' && option.required ? [`--${name} ${option.value}`] : [],
  );
  const hasMore = Object.keys(options).length > required.length;
  return ['kt', path, ...required, ...(hasMore ? ['[options]'] : [])].join(' ');
}

type Row = readonly [string, string];
type Section = readonly [title: string, lines: readonly string[]];

const optionRows = (options: Options) =>
  Object.entries(options).map(([name, option]): Row => [nameOf(name, option), helpOf(option)]);

const nameOf = (name: string, option: Option) => (option.kind === 'flag' ? `--${name}` : `--${name} ${option.value}`);

function helpOf(option: Option): string {
  return option.kind !== 'flag' && option.required ? `${option.help} (required)` : option.help;
}

function rows(entries: readonly Row[]): string[] {
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  return entries.map(([name, help]) => `  ${name.padEnd(width)}${help}`);
}

function page(paint: Paint, sections: readonly Section[]): string {
  return sections
    .map(([title, lines]) => [...(title === '' ? [] : [paint('bold', title)]), ...lines].join('\n'))
    .join('\n\n');
}

const lineLength = 92;

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= lineLength) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
