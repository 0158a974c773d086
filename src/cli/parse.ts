import { parseArgs, type ParseArgsConfig } from 'node:util';
import { closest } from '../lib/closest.js';
import { UsageError } from './errors.js';
import { everywhere, type Option, type Options, type Values } from './options.js';
import { readValue } from './values.js';

interface Given {
  /** In the order in which they came. */
  positionals: { index: number; value: string }[];
  options: { name: string; raw: string; value: string | undefined; inline: boolean }[];
}

/** Only takes apart: what is unknown, missing or wrong is for `parseOptions`. */
export function takeApart(args: readonly string[], options: Options): Given {
  const entries = Object.entries({ ...everywhere, ...options }).map(([name, { kind }]) => [
    name,
    { type: kind === 'flag' ? 'boolean' : 'string', multiple: true, ...(name === 'help' && { short: 'h' }) },
  ]);
  const config = Object.fromEntries(entries) as NonNullable<ParseArgsConfig['options']>;
  const { tokens } = parseArgs({ args: [...args], options: config, strict: false, tokens: true });
  return {
    positionals: tokens.flatMap((token) => (token.kind === 'positional' ? [token] : [])),
    options: tokens.flatMap((token) =>
      token.kind === 'option'
        ? [{ name: token.name, raw: token.rawName, value: token.value, inline: token.inlineValue ?? false }]
        : [],
    ),
  };
}

/**
 * The values of a command's options.
 * @param args without the command's own words
 * @throws UsageError that names the option and never its value, which may be a key in the wrong place
 */
export function parseOptions<O extends Options>(
  args: readonly string[],
  own: O,
  now: Date,
): Values<O> & Values<typeof everywhere> {
  const options: Options = { ...everywhere, ...own };
  const given = takeApart(args, own);
  const texts = new Map<string, string[]>();
  const add = (name: string, value: string) => texts.set(name, [...(texts.get(name) ?? []), value]);

  for (const { name, raw, value, inline } of given.options) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) throw new UsageError(unknownOption(raw, Object.keys(options)));
    if (option.kind === 'flag') {
      if (inline) throw new UsageError(`${raw} takes no value.`);
      add(name, 'true');
    } else if (value === undefined || (!inline && /^-./.test(value))) {
      throw new UsageError(`${raw} needs a value: ${raw} ${option.value}, or ${raw}=… when it begins with a hyphen.`);
    } else add(name, value);
  }

  const unnamed = Object.entries(options).filter(([name, o]) => o.kind !== 'flag' && o.positional && !texts.has(name));
  for (const { value } of given.positionals) {
    const next = unnamed.shift();
    if (next === undefined) throw new UsageError(tooMuch(given.positionals.length));
    add(next[0], value);
  }
  const values = Object.entries(options).map(([name, option]) => [name, valueOf(name, option, texts.get(name), now)]);
  requireAll(options, texts);
  return Object.fromEntries(values) as Values<O> & Values<typeof everywhere>;
}

function valueOf(name: string, option: Option, texts: string[] | undefined, now: Date): unknown {
  if (option.kind === 'flag') return texts !== undefined;
  if (option.kind !== 'texts') {
    if (texts !== undefined && texts.length > 1) throw new UsageError(`--${name} is given twice.`);
    return texts?.[0] === undefined ? undefined : readValue(name, option, texts[0], now);
  }
  if (texts?.some((text) => text.replaceAll(',', '').trim() === '')) throw new UsageError(`--${name} is empty.`);
  if (!option.commas) return texts ?? [];
  return (texts ?? []).flatMap((text) => text.split(',').map((part) => part.trim())).filter((part) => part !== '');
}

function requireAll(options: Options, texts: ReadonlyMap<string, string[]>): void {
  const missing = Object.entries(options).flatMap(([name, option]) =>
    option.kind !== 'flag' && option.required && !texts.has(name) ? [`--${name} ${option.value}`] : [],
  );
  if (missing.length > 0) throw new UsageError(`Missing: ${missing.join(', ')}`);
}

function unknownOption(raw: string, names: string[]): string {
  const meant = closest(raw.replace(/^--?/, ''), names);
  return `There is no option ${raw} here.${meant === undefined ? '' : ` Did you mean --${meant}?`}`;
}

/** Without the words themselves: they may be a key that slipped. */
const tooMuch = (count: number) =>
  `There is one argument too many (${count} without a name). Put quotes around a value that has spaces.`;
