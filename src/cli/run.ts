import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommanderError, type Command, type Option } from 'commander';
import { createApiClient, createOrgClient } from './api-client.js';
import { CommandError, RefusedError, UsageError } from './errors.js';
import { redact } from './output/text.js';
import { problemText } from './problem.js';
import { createProgram, usageErrorOf, type KtCommand } from './program.js';
import { readSettings } from './settings.js';
import { openTerminal, type CliIo, type Terminal } from './terminal.js';

/**
 * Runs a command line.
 * @param args the words after `kt`
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong use
 */
export async function run(args: readonly string[], io: CliIo): Promise<number> {
  const secrets = [io.env.KT_API_KEY ?? '', io.env.KT_WEBHOOK_SECRET ?? ''];
  const terminal = openTerminal(io, secrets);
  let exitCode = 0;
  const program = createProgram({
    terminal,
    secrets,
    onDispatch: (command) => (current = command),
    async onCommand(definition, options) {
      const settings = readSettings(options, io.env);
      const api = createApiClient(settings, options['idempotency-key']);
      const org = createOrgClient(settings, api);
      exitCode = await definition.run({ options, api, org, terminal, io, program });
    },
  });
  let current = program;
  try {
    await program.parseAsync(commandFirst(args, program), { from: 'user' });
    return exitCode;
  } catch (error) {
    const hasAnswered = error instanceof CommanderError && /^commander\.(help|version)/.test(error.code);
    if (hasAnswered) return 0;
    if (program.opts().help === true && current.definition !== undefined) {
      // Whoever asks for help may have mistyped an option.
      current.outputHelp();
      return 0;
    }
    const failure = error instanceof CommanderError ? usageErrorOf(error, current) : error;
    if (failure instanceof RefusedError && program.opts().json === true) terminal.out(redact(failure.text, secrets));
    return reportFailure(failure, current, terminal);
  }
}

/**
 * Moves the words of the command to the front, as in `kt --limit 5 webhook list`: commander knows the options of a command
 * only after its name. Turns `help` into `--help`: commander's help command would explain `kt webhook` for `help webhook create`.
 */
function commandFirst(args: readonly string[], program: Command): string[] {
  const entries = allOptionsOf(program).map(({ long, required }) => [
    long?.slice(2),
    { type: required ? 'string' : 'boolean' },
  ]);
  const options = Object.fromEntries(entries) as NonNullable<ParseArgsConfig['options']>;
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const positionals = tokens.filter(({ kind }) => kind === 'positional').map(({ index }) => index);
  const first = args[positionals[0] ?? -1];
  const isGroup = program.commands.some((command) => command.name() === first && command.commands.length > 0);
  const moved = positionals.slice(0, isGroup ? 2 : 1);
  const commandPath = first === 'help' ? ['--help'] : moved.map((index) => args[index] ?? '');
  return [...commandPath, ...args.filter((_, index) => !moved.includes(index))];
}

const allOptionsOf = (command: Command): Option[] => [...command.options, ...command.commands.flatMap(allOptionsOf)];

/** Explains a failure on stderr. @returns the exit code */
function reportFailure(error: unknown, command: KtCommand, { note, paintNotes: paint }: Terminal): number {
  if (error instanceof UsageError) {
    note([paint('red', `kt: ${error.message}`), ...usageLines(command)].join('\n'));
    return 2;
  }
  if (error instanceof RefusedError) {
    note(problemText(error.problem, paint));
    return 1;
  }
  if (error instanceof CommandError) {
    note(paint('red', `kt: ${error.message}`));
    return 1;
  }
  // A bug in kt, or a response whose shape differs from the documented one.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  note(`${paint('red', 'kt: The answer was not understood, or kt has a bug.')}\n${text}`);
  return 1;
}

/** The usage and an example of a command, and how to learn more. */
function usageLines(command: KtCommand): string[] {
  if (command.definition === undefined) return ['`kt help` says more.'];
  const usage = command.createHelp().commandUsage(command);
  return [...new Set([`  ${usage}`, `  ${command.definition.examples[0]}`]), `\`${command.path()} --help\` says more.`];
}
