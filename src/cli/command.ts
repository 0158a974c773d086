import type { Command } from 'commander';
import type { ApiClient } from './api-client.js';
import type { globalOptions, Options, Values } from './options.js';
import type { CliIo, Terminal } from './terminal.js';

/** What a command works with. */
export interface Call<O extends Options> {
  options: Values<O> & Values<typeof globalOptions>;
  /** Calls below `/api/v1`. */
  api: ApiClient;
  /** Calls below `/api/v1/orgs/{org}`. */
  org: ApiClient;
  terminal: Terminal;
  io: CliIo;
  /** All commands and options, as commander knows them. */
  program: Command;
}

/** A command as its file declares it; `program.ts` hands it to commander. */
export interface CommandDefinition {
  /** The words behind `kt`: `webhook create`. */
  path: string;
  /** One line without a full stop. */
  summary: string;
  /** What readers need to know besides the options. */
  description?: string;
  options: Options;
  /** Whole command lines. A test runs each through the parser. */
  examples: readonly [string, ...string[]];
  /** Resolves with the exit code. A method, so that commands with different options fit into one list. */
  run(call: Call<Options>): Promise<number>;
}

/** Commands whose paths begin with the same word. */
export interface CommandGroup {
  name: string;
  summary: string;
  commands: readonly CommandDefinition[];
}

interface TypedDefinition<O extends Options> extends Omit<CommandDefinition, 'options' | 'run'> {
  options: O;
  run: (call: Call<O>) => Promise<number>;
}

/** Declares a command whose `run` knows the types of its own options. */
export function defineCommand<const O extends Options>(definition: TypedDefinition<O>): CommandDefinition {
  return { ...definition, run: (call) => definition.run(call as Call<O>) };
}

export const bodyOption = {
  kind: 'text',
  value: 'TEXT',
  required: true,
  help: 'The text; - reads it from stdin',
} as const;

/** The text of a `bodyOption`; from stdin without its last line feed. */
export const readBody = async ({
  options,
  terminal,
}: Pick<Call<{ body: typeof bodyOption }>, 'options' | 'terminal'>) =>
  options.body === '-' ? (await terminal.readInput()).replace(/\r?\n$/, '') : options.body;
