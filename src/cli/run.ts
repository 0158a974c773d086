import { createApiClient } from './api-client.js';
import type { Command } from './command.js';
import { CannotError, RefusedError, UsageError } from './errors.js';
import { anyOption, findCommand } from './find-command.js';
import { commandHelp, groupHelp, overview, usageLine } from './help.js';
import { parseOptions, takeApart } from './parse.js';
import { problemText } from './output/problem.js';
import { redact } from './output/redact.js';
import { settingsOf } from './settings.js';
import { openTerminal, type Terminal } from './terminal.js';
import { orgPaths } from './org-paths.js';
import { version } from './version.js';

/**
 * Runs a command line.
 * @param args what stands behind `kt`
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong use
 */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const given = takeApart(args, anyOption);
  // Whatever was meant as a key is not to be seen, wherever it turns up.
  const secrets = [env.KT_API_KEY ?? '', env.KT_WEBHOOK_SECRET ?? '', ...given.options.flatMap(secretOf)];
  const terminal = openTerminal(env, () => secrets);
  let command: Command | undefined;
  try {
    const has = (wanted: string) => given.options.some(({ name }) => name === wanted);
    const words = given.positionals.map(({ value }) => value);
    const asksForHelp = has('help') || words[0] === 'help';
    if (has('version') && words.length === 0) return say(terminal, `kt ${version()}`);
    const found = findCommand(words[0] === 'help' ? words.slice(1) : words);
    if (found.kind === 'all') {
      // An option alone, mistyped perhaps, is no question for help.
      parseOptions(
        args.filter((arg) => arg !== 'help'),
        {},
        terminal.now,
      );
      return say(terminal, overview(terminal.paint));
    }
    if (found.kind === 'group') return say(terminal, groupHelp(found.group, terminal.paint));
    ({ command } = found);
    if (asksForHelp) return say(terminal, commandHelp(command, terminal.paint));
    const ownWords = given.positionals.slice(0, found.words).map(({ index }) => index);
    const options = parseOptions(
      args.filter((_, index) => !ownWords.includes(index)),
      command.options,
      terminal.now,
    );
    const settings = settingsOf(options, env);
    const api = createApiClient(settings, options['idempotency-key']);
    const inOrg = orgPaths(settings, api);
    return await command.run({ options, api, terminal, inOrg });
  } catch (error) {
    return failed(error, { terminal, command, secrets, json: given.options.some(({ name }) => name === 'json') });
  }
}

const secretOf = ({ name, value }: { name: string; value: string | undefined }) =>
  name === 'key' || name === 'secret' ? [value ?? ''] : [];

function say({ out }: Terminal, text: string): number {
  out(text);
  return 0;
}

interface Failed {
  terminal: Terminal;
  command: Command | undefined;
  secrets: readonly string[];
  json: boolean;
}

/** Says what went wrong. To programs the refusal's document is the result too. */
function failed(error: unknown, { terminal, command, secrets, json }: Failed): number {
  const { note, out, paintNotes: paint } = terminal;
  if (error instanceof UsageError) {
    const more = command === undefined ? 'kt help' : `kt ${command.path} --help`;
    const usage = command === undefined ? [] : [...new Set([usageLine(command), command.examples[0]])];
    note(
      `${paint('red', `kt: ${error.message}`)}${usage.map((line) => `\n  ${line}`).join('')}\n\`${more}\` says more.`,
    );
    return 2;
  }
  if (error instanceof RefusedError) {
    if (json) out(redact(error.text, secrets));
    note(problemText(error.problem, paint));
    return 1;
  }
  if (error instanceof CannotError) {
    note(paint('red', `kt: ${error.message}`));
    return 1;
  }
  // A mistake of ours, or an answer of another shape than the documented one.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  note(`${paint('red', 'kt: The answer was not understood, or kt has a fault.')}\n${text}`);
  return 1;
}
