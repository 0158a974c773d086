import { UsageError } from './errors.js';
import { parseTime } from './output/time.js';

interface Valued {
  help: string;
  /** The placeholder of the value in the help: `URL`. */
  value: string;
  required?: true;
  /** The value may also be given without its name. Such values fill the options in declaration order. */
  positional?: true;
  /** The value is redacted in everything that kt writes to stderr. */
  secret?: true;
}

interface TextOption extends Valued {
  kind: 'text';
  /** One of these, or several with commas between them, as the filters of the API take them. */
  choices?: readonly string[];
  /** The prefix of an id: `wh_`. */
  idPrefix?: string;
}

export type ValueOption =
  | TextOption
  | (Valued & { kind: 'number'; min: number; max: number })
  // An ISO 8601 time, or a time ago: `90m`, `24h`, `7d`. The value is ISO 8601.
  | (Valued & { kind: 'time' })
  // May be repeated. With `commas`, one value may also hold several with commas between them.
  | (Valued & { kind: 'list'; commas: boolean });
export type Option = ValueOption | { kind: 'flag'; help: string };
/** Options by their names without hyphens: `rate-limit`. */
export type Options = Readonly<Record<string, Option>>;

type Single<O extends Option> = O extends { kind: 'number' } ? number : string;
type Value<O extends Option> = O extends { kind: 'flag' }
  ? boolean
  : O extends { kind: 'list' }
    ? string[]
    : O extends { required: true }
      ? Single<O>
      : Single<O> | undefined;

/** The values of options. Without a value, flags are false and lists are empty. */
export type Values<O extends Options> = { [Name in keyof O]: Value<O[Name]> };

/** The options of every command. */
export const globalOptions = {
  json: { kind: 'flag', help: 'Print the JSON of the API instead of text' },
  field: {
    kind: 'list',
    commas: true,
    value: 'NAMES',
    help: 'Print only these fields of the JSON, for scripts: id, or id,ticket.external_id',
  },
  org: { kind: 'text', value: 'ORG', help: 'The org; default: KT_ORG, else the org of the key' },
  'api-url': {
    kind: 'text',
    value: 'URL',
    help: 'The address of the API; default: KT_API_URL, else http://localhost:8080',
  },
  key: {
    kind: 'text',
    value: 'KEY',
    secret: true,
    help: 'The API key; prefer KT_API_KEY, which other users cannot see',
  },
  'idempotency-key': { kind: 'text', value: 'TEXT', help: 'Makes a call that creates something safe to repeat' },
  help: { kind: 'flag', help: 'Explain kt or a command' },
} as const satisfies Options;

/** An id with a prefix, as `--id` or without a name. */
export const idOption = (idPrefix: string, help: string) =>
  ({ kind: 'text', value: `${idPrefix}…`, idPrefix, required: true, positional: true, help }) as const;

/**
 * Reads one value of an option.
 * @param previous the value that the option has so far, undefined when it was not given before
 * @throws UsageError that says what the value must be, and never repeats it: it may be a key in the wrong place
 */
export function readValue(
  name: string,
  option: ValueOption,
  text: string,
  { previous, now }: { previous: unknown; now: Date },
): string | number | string[] {
  if (option.kind === 'list')
    return [...((previous as string[] | undefined) ?? []), ...readList(name, option.commas, text)];
  if (previous !== undefined) throw new UsageError(`--${name} is given twice.`);
  switch (option.kind) {
    case 'text':
      return readText(name, option, text);
    case 'number': {
      const { min, max } = option;
      const number = /^\d+$/.test(text) ? Number(text) : NaN;
      if (number >= min && number <= max) return number;
      throw new UsageError(`--${name} must be a whole number from ${min} to ${max}.`);
    }
    case 'time': {
      const time = parseTime(text, now);
      if (time !== null) return time.toISOString();
      throw new UsageError(`--${name} must be a time, such as 2026-01-01T09:30:00Z, or a time ago: 90m, 24h, 7d.`);
    }
  }
}

function readList(name: string, commas: boolean, text: string): string[] {
  const parts = commas ? text.split(',').map((part) => part.trim()) : [text];
  const values = parts.filter((part) => part !== '');
  if (values.length === 0) throw new UsageError(`--${name} is empty.`);
  return values;
}

function readText(name: string, { choices, idPrefix }: TextOption, text: string): string {
  if (text === '') throw new UsageError(`--${name} is empty.`);
  if (choices !== undefined && !text.split(',').every((part) => choices.includes(part))) {
    throw new UsageError(`--${name} must be one of ${choices.join(', ')}.`);
  }
  // In a path of the API, text such as `..` would lead elsewhere.
  if (idPrefix !== undefined && (!text.startsWith(idPrefix) || !/^\w+$/.test(text))) {
    throw new UsageError(`--${name} must be an id that begins with ${idPrefix}.`);
  }
  return text;
}
