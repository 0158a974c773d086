import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Argument, Command, Option, type CommanderError } from 'commander';
import type { Call, CommandDefinition } from './command.js';
import { groups, singles } from './commands/index.js';
import { UsageError } from './errors.js';
import {
  globalOptions,
  readValue,
  type Option as OptionDefinition,
  type Options,
  type ValueOption,
  type Values,
} from './options.js';
import type { Terminal } from './terminal.js';

/** How a text may stand in help and errors: options as `--url URL`, not as `--url <URL>`. */
const withoutBrackets = (flags: string) => flags.replace(/[<>]/g, '');

/** An option under its own name. Commander would read `--no-ordered` as the negation of `--ordered`, and rename `rate-limit`. */
class PlainOption extends Option {
  constructor(flags: string, help: string) {
    super(flags, help);
    this.negate = false;
  }

  override attributeName(): string {
    return this.name();
  }
}

/** A command of commander that knows its definition, and refuses an option as the value of another one. */
export class KtCommand extends Command {
  definition?: CommandDefinition;

  override createCommand(name?: string): KtCommand {
    return new KtCommand(name);
  }

  /** @throws UsageError for `--id --json`, where commander would take `--json` as the id */
  override parseOptions(args: string[]) {
    const end = args.indexOf('--');
    for (const [index, arg] of args.slice(0, end < 0 ? undefined : end).entries()) {
      const option = this.options.find(({ long }) => long === arg);
      const next = args[index + 1];
      if (option?.required && (next === undefined || /^-./.test(next))) {
        const usage = withoutBrackets(option.flags);
        throw new UsageError(`${arg} needs a value: ${usage}, or ${arg}=… when it begins with a hyphen.`);
      }
    }
    return super.parseOptions(args);
  }

  /** The words of this command and its parents: `kt webhook create`. */
  path(): string {
    return this.parent instanceof KtCommand ? `${this.parent.path()} ${this.name()}` : this.name();
  }
}

interface ProgramOptions {
  terminal: Terminal;
  /** Values of secret options are added when they are read. */
  secrets: string[];
  /** Called before a command's arguments are read. */
  onDispatch: (command: KtCommand) => void;
  onCommand: (definition: CommandDefinition, options: Call<Options>['options']) => Promise<void>;
}

/** Declares all commands and options to commander. Its help goes to stdout; its errors are thrown and not printed. */
export function createProgram({ terminal, secrets, onDispatch, onCommand }: ProgramOptions): KtCommand {
  const program = new KtCommand('kt');
  const write = (text: string) => terminal.out(text.replace(/\n$/, ''));

  const optionOf = (name: string, definition: OptionDefinition): Option => {
    if (definition.kind === 'flag')
      return new PlainOption(name === 'help' ? '-h, --help' : `--${name}`, definition.help);
    const help = definition.required ? `${definition.help} (required)` : definition.help;
    const option = new PlainOption(`--${name} <${definition.value}>`, help);
    if (definition.kind === 'text' && definition.choices) option.choices(definition.choices);
    return option.argParser<unknown>((text, previous) => {
      if (definition.secret) secrets.push(text);
      return readValue(name, definition, text, { previous, now: terminal.now });
    });
  };
  const add = (parent: KtCommand, definition: CommandDefinition) => {
    const { path: commandPath, summary, description, options, examples } = definition;
    const command = parent.command(commandPath.split(' ').at(-1) ?? '');
    command.definition = definition;
    command
      .summary(summary)
      .description([`${summary}.`, description].filter(Boolean).join('\n\n'))
      .usage(usageOf(options))
      .addHelpText('after', examplesText(terminal, examples))
      .allowExcessArguments()
      .action(async () => {
        if (program.opts().help === true) command.help();
        await onCommand(definition, {
          ...readOptions(command, options, terminal),
          ...withDefaults(globalOptions, program.opts()),
        });
      });
    for (const [name, option] of Object.entries(options)) {
      command.addOption(optionOf(name, option));
      if (option.kind !== 'flag' && option.positional) command.addArgument(argumentOf(name, option));
    }
  };

  program
    .description('kt is the command line of Drawbridge: webhooks, escalations, tickets and events.')
    .usage('<command> [options]')
    .helpOption(false)
    .helpCommand('help [command]', 'Explain a command')
    .version(`kt ${projectVersion()}`, '--version', 'Print the version of kt')
    .exitOverride()
    .configureOutput({
      writeOut: write,
      // Commander sends the help that `kt` and `kt webhook` print to stderr.
      writeErr: write,
      outputError: () => undefined,
      // `terminal.paint` decides about colours.
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    })
    .configureHelp({
      helpWidth: terminal.width ?? 100,
      showGlobalOptions: true,
      subcommandTerm: (command) => command.name(),
      optionTerm: ({ flags }) => withoutBrackets(flags),
      optionDescription: ({ description }) => description,
      styleTitle: (title) => terminal.paint('bold', title),
    })
    .addHelpText('after', gettingStarted(terminal))
    .hook('preSubcommand', (_, command) => onDispatch(command as KtCommand));
  for (const [name, option] of Object.entries(globalOptions)) program.addOption(optionOf(name, option));
  for (const { name, summary, commands } of groups) {
    const group = program.command(name);
    group
      .summary(summary)
      .description(`${summary}.`)
      .usage('<command> [options]')
      .addHelpText(
        'after',
        examplesText(
          terminal,
          commands.map(({ examples }) => examples[0]),
        ),
      )
      .hook('preSubcommand', (_, command) => onDispatch(command as KtCommand));
    for (const definition of commands) add(group, definition);
  }
  for (const definition of singles) add(program, definition);
  return program;
}

/** For the shell completion only: `readOptions` reads the arguments. */
function argumentOf(name: string, definition: ValueOption): Argument {
  const argument = new Argument(`[${name}]`);
  if (definition.kind === 'text' && definition.choices) argument.argChoices = [...definition.choices];
  return argument;
}

function usageOf(options: Options): string {
  const required = Object.entries(options).flatMap(([name, option]) =>
    option.kind !== 'flag' && option.required ? [`--${name} ${option.value}`] : [],
  );
  return [...required, '[options]'].join(' ');
}

const examplesText = ({ paint }: Terminal, examples: readonly string[]) =>
  ['', paint('bold', 'Examples:'), ...examples.map((example) => `  ${example}`)].join('\n');

const gettingStarted = ({ paint }: Terminal) => `
${paint('bold', 'Getting started:')}
  export KT_API_URL=http://localhost:8080 KT_API_KEY=… KT_ORG=acme
  kt whoami
  kt webhook create --url http://127.0.0.1:4400 --events event.created
  kt webhook listen --port 4400

\`kt help webhook\` lists the commands of a group. \`kt webhook create --help\` explains one, with examples.
Exit codes: 0 done, 1 refused or failed, 2 wrong use.`;

/** The values of a command's own options. Arguments without a name are the values of its positional options. */
function readOptions<O extends Options>(command: KtCommand, options: O, { now }: Terminal): Values<O> {
  const values: Record<string, unknown> = { ...command.opts() };
  const unnamed = Object.entries(options).filter(
    ([name, option]) => option.kind !== 'flag' && option.positional && values[name] === undefined,
  );
  for (const text of command.args) {
    const [name, option] = unnamed.shift() ?? [];
    if (name === undefined || option === undefined || option.kind === 'flag') {
      // The arguments themselves may be a key in the wrong place.
      throw new UsageError(
        `There is one argument too many (${command.args.length} without a name). Put quotes around a value that has spaces.`,
      );
    }
    values[name] = readValue(name, option, text, { previous: undefined, now });
  }
  const missing = Object.entries(options).flatMap(([name, option]) =>
    option.kind !== 'flag' && option.required && values[name] === undefined ? [`--${name} ${option.value}`] : [],
  );
  if (missing.length > 0) throw new UsageError(`Missing: ${missing.join(', ')}`);
  return withDefaults(options, values);
}

/** Flags that were not given are false, and lists are empty. */
function withDefaults<O extends Options>(options: O, values: Readonly<Record<string, unknown>>): Values<O> {
  const defaults: Partial<Record<OptionDefinition['kind'], unknown>> = { flag: false, list: [] };
  const entries = Object.entries(options).map(([name, { kind }]) => [name, values[name] ?? defaults[kind]]);
  return Object.fromEntries(entries) as Values<O>;
}

/** Commander's error in our words. It repeats only what looks like a mistyped command or option: other words may be a key. */
export function usageErrorOf({ code, message }: CommanderError, command: KtCommand): UsageError {
  const [, quoted = ''] = /'(.*)'/s.exec(message) ?? [];
  const [, suggested] = /\(Did you mean (?:one of )?(.+)\?\)$/.exec(message) ?? [];
  const didYouMean = (format: (word: string) => string) =>
    suggested === undefined ? '' : ` Did you mean ${suggested.split(', ').map(format).join(' or ')}?`;
  switch (code) {
    case 'commander.unknownOption': {
      const [flag = ''] = quoted.split('=');
      const isKnown = [command, command.parent, command.parent?.parent].some((each) =>
        each?.options.some(({ long }) => long === flag),
      );
      if (isKnown) return new UsageError(`${flag} takes no value.`);
      return new UsageError(`There is no option ${flag} here.${didYouMean((word) => word)}`);
    }
    case 'commander.unknownCommand': {
      const name = /^[\w -]{1,40}$/.test(quoted) ? `“${command.path()} ${quoted}”` : 'of that name';
      return new UsageError(`There is no command ${name}.${didYouMean((word) => `“${command.path()} ${word}”`)}`);
    }
    default:
      return new UsageError(message.replace(/^error: /, ''));
  }
}

/** The version in the nearest package.json above this file, which runs from `dist/`. */
function projectVersion(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder))
    folder = path.dirname(folder);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version?: string };
  return version ?? 'unknown';
}
