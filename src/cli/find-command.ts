import { closest } from '../lib/closest.js';
import type { Command, Group } from './command.js';
import { allCommands, groups, singles } from './commands/index.js';
import { UsageError } from './errors.js';
import type { Options } from './options.js';

/** What the words behind `kt` are: a command, a group of them, or nothing yet. */
export type Found =
  { kind: 'command'; command: Command; words: number } | { kind: 'group'; group: Group } | { kind: 'all' };

/** Of every command: so that options may stand before the command's words, and their values are not taken for words. */
export const anyOption: Options = Object.assign({}, ...allCommands.map(({ options }) => options)) as Options;

/**
 * Finds what is meant by the first words.
 * @throws UsageError for what there is not; it repeats only what looks like a mistyped command
 */
export function findCommand(words: readonly string[]): Found {
  const [first, second] = words;
  if (first === undefined) return { kind: 'all' };
  const single = singles.find(({ path }) => path === first);
  if (single !== undefined) return { kind: 'command', command: single, words: 1 };
  const group = groups.find(({ name }) => name === first);
  if (group === undefined) {
    const names = [...groups.map(({ name }) => name), ...singles.map(({ path }) => path), 'help'];
    throw new UsageError(`There is no command ${quoted(first)}.${suggestion(first, names, '')}`);
  }
  if (second === undefined || second === 'help') return { kind: 'group', group };
  const command = group.commands.find(({ path }) => path === `${first} ${second}`);
  if (command !== undefined) return { kind: 'command', command, words: 2 };
  const names = group.commands.map(({ path }) => path.slice(first.length + 1));
  throw new UsageError(`There is no command ${quoted(`${first} ${second}`)}.${suggestion(second, names, `${first} `)}`);
}

const quoted = (text: string) => (/^[\w -]{1,40}$/.test(text) ? `“kt ${text}”` : 'of that name');

function suggestion(word: string, names: string[], before: string): string {
  const meant = closest(word, names);
  return meant === undefined ? '' : ` Did you mean “kt ${before}${meant}”?`;
}
