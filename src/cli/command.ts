import type { ApiClient } from './api-client.js';
import type { everywhere, Options, Values } from './options.js';
import type { Terminal } from './terminal.js';

/** What a command works with. */
export interface Call<O extends Options> {
  options: Values<O> & Values<typeof everywhere>;
  api: ApiClient;
  terminal: Terminal;
  /** A path below the caller's org: `/orgs/acme` and what is given. Each part is encoded; `at` writes them. */
  inOrg: (path: string) => Promise<string>;
}

export interface Command {
  /** The words behind `kt`: `webhook create`. */
  path: string;
  /** One line, without a full stop. */
  summary: string;
  /** What one has to know besides the options. */
  description?: string;
  options: Options;
  /** Whole command lines; the help's tests parse them. */
  examples: readonly [string, ...string[]];
  /** Resolves with the exit code. A method, so that commands of all options fit into one table. */
  run(call: Call<Options>): Promise<number>;
}

/** Words of which several commands begin with the first. */
export interface Group {
  name: string;
  summary: string;
  commands: readonly Command[];
}

interface Definition<O extends Options> extends Omit<Command, 'options' | 'run'> {
  options: O;
  run: (call: Call<O>) => Promise<number>;
}

/** A command whose `run` knows the types of its own options. */
export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  return { ...definition, run: (call) => definition.run(call as Call<O>) };
}

/** A path with its values encoded: at`/webhooks/${id}`. */
export const at = (texts: TemplateStringsArray, ...values: string[]) =>
  String.raw({ raw: texts }, ...values.map((value) => encodeURIComponent(value)));
