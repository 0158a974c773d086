interface Described {
  help: string;
}

interface Valued extends Described {
  /** What stands for the value in the help: `URL`. */
  value: string;
  required?: true;
  /** May also be given without its name, in the order in which they are declared. */
  positional?: true;
}

export interface TextOption extends Valued {
  kind: 'text';
  choices?: readonly string[];
  /** What the id begins with: `wh_`. */
  idPrefix?: string;
}

interface NumberOption extends Valued {
  kind: 'number';
  min: number;
  max: number;
}

/** A moment: ISO 8601, or how long ago, `90m`, `24h`, `7d`. Given on as ISO. */
interface TimeOption extends Valued {
  kind: 'time';
}

/** Several: given again and again and, with `commas`, with commas between. */
interface TextsOption extends Valued {
  kind: 'texts';
  commas: boolean;
}

interface FlagOption extends Described {
  kind: 'flag';
}

export type Option = TextOption | NumberOption | TimeOption | TextsOption | FlagOption;
export type Options = Readonly<Record<string, Option>>;

type Single<O extends Option> = O extends { kind: 'number' } ? number : string;
type Value<O extends Option> = O extends { kind: 'flag' }
  ? boolean
  : O extends { kind: 'texts' }
    ? string[]
    : O extends { required: true }
      ? Single<O>
      : Single<O> | undefined;

/** What a command is given: an entry for each of its options. Flags are false and lists empty when they were not given. */
export type Values<O extends Options> = { [Name in keyof O]: Value<O[Name]> };

/** What each command takes. */
export const everywhere = {
  json: { kind: 'flag', help: 'print the API’s JSON instead of text' },
  org: { kind: 'text', value: 'ORG', help: 'the org; KT_ORG, else the key’s own' },
  'api-url': { kind: 'text', value: 'URL', help: 'where the API is; KT_API_URL, else http://localhost:8080' },
  key: { kind: 'text', value: 'KEY', help: 'the API key; better in KT_API_KEY, where other users do not see it' },
  'idempotency-key': { kind: 'text', value: 'TEXT', help: 'of a call that makes something: repeats it safely' },
  help: { kind: 'flag', help: 'say how this is used (-h)' },
  version: { kind: 'flag', help: 'print the version of kt' },
} as const satisfies Options;

/** An id of this kind, as `--id` or by itself. */
export const idOption = (idPrefix: string, help: string) =>
  ({ kind: 'text', value: `${idPrefix}…`, idPrefix, required: true, positional: true, help }) as const;
