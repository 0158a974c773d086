import type { z } from 'zod';
import { unprocessable, type Problem, type ProblemDetail } from '../../http/problem.js';
import { problemDetails } from '../../http/validation.js';
import { issueText } from '../../lib/issue-text.js';
import { errorsByPath, type FormErrors } from './errors.js';
import { apiValue, comparable, FieldError, nestedMessage, type Field, type FormValues } from './field.js';
import type { Difference } from './stale-edit.js';

/** The body of a POST, as a browser sends it. */
export interface PostedForm {
  /** Trimmed; empty when it was not sent. */
  text: (name: string) => string;
  /** As typed, with `\n` for line ends. */
  raw: (name: string) => string;
  all: (name: string) => string[];
  has: (name: string) => boolean;
  /** The names of its fields, without those that every form has. */
  names: () => string[];
}

export function postedForm(body: URLSearchParams): PostedForm {
  // Browsers send CRLF.
  const raw = (name: string) => (body.get(name) ?? '').replaceAll('\r\n', '\n');
  return {
    text: (name) => raw(name).trim(),
    raw,
    all: (name) => body.getAll(name),
    has: (name) => body.has(name),
    names: () => [...new Set(body.keys())].filter((name) => !name.startsWith('_')),
  };
}

interface BodyOptions {
  /** Values of the stored object: fields with `onlyIfChanged` are compared with them. */
  stored?: FormValues;
  /** Parts of the body that no field holds. */
  extra?: Record<string, unknown>;
}

interface ParseOptions extends BodyOptions {
  /** Puts the form's object into the whole body, for a form of one entry of a list. */
  embed?: {
    /** The path of the object in the whole body: `channels[2]`. */
    path: string;
    body: (object: Record<string, unknown>) => unknown;
  };
}

/** A form declared as a list of fields, which drives rendering, reading, conversion and error messages. */
export interface Form {
  fields: readonly Field[];
  /** The posted values, as typed. */
  read: (posted: PostedForm) => FormValues;
  /** The API's body. @throws Problem 422 with the form's own errors */
  body: (values: FormValues, options?: BodyOptions) => Record<string, unknown>;
  /** The schema's output. @throws Problem 422 with the errors of the form and of the schema */
  parse: <S extends z.ZodType>(schema: S, values: FormValues, options?: ParseOptions) => z.output<S>;
  /** A problem's errors by field. @param embedPath as in `ParseOptions` */
  errorsOf: (problem: Problem, embedPath?: string) => FormErrors;
  /** Fields whose typed value differs from the stored one. */
  differences: (stored: FormValues, typed: FormValues) => Difference[];
}

/** What a page shows of a form. */
export interface FormState {
  form: Form;
  values: FormValues;
  errors: FormErrors;
}

/** @param check finds errors that involve several fields; its paths are those of the API */
export function defineForm(fields: readonly Field[], check: (values: FormValues) => ProblemDetail[] = () => []): Form {
  function convert(values: FormValues, { stored, extra }: BodyOptions = {}) {
    const body: Record<string, unknown> = { ...extra };
    const problems: ProblemDetail[] = [];
    for (const field of fields) {
      const path = pathOf(field);
      if (path === null) continue;
      if (field.onlyIfChanged && stored && comparable(field, stored) === comparable(field, values)) continue;
      try {
        setAt(body, path, apiValue(field, values));
      } catch (error) {
        if (!(error instanceof FieldError)) throw error;
        setAt(body, path, error.partial);
        problems.push(...error.messages.map((message) => ({ path, message })));
      }
    }
    return { body, problems: [...problems, ...check(values)] };
  }

  return {
    fields,
    read: (posted) => Object.fromEntries(fields.flatMap((field) => readField(field, posted))),
    body(values, options) {
      const { body, problems } = convert(values, options);
      if (problems.length > 0) throw unprocessable(problems);
      return body;
    },
    parse(schema, values, { embed, ...options } = {}) {
      const { body, problems } = convert(values, options);
      const parsed = schema.safeParse(embed ? embed.body(body) : body, { error: issueText });
      if (parsed.success && problems.length === 0) return parsed.data;
      const own = problems.map(({ path, message }) => ({ path: embed ? `${embed.path}.${path}` : path, message }));
      // The form's message about a field is more helpful than the schema's.
      const ownPaths = new Set(own.map(({ path }) => path));
      const others = parsed.success ? [] : problemDetails(parsed.error.issues);
      throw unprocessable([...own, ...others.filter(({ path }) => !ownPaths.has(path))]);
    },
    errorsOf: (problem, embedPath) =>
      errorsByPath(problem, (path, message) => {
        const isEmbedded = embedPath !== undefined && path.startsWith(`${embedPath}.`);
        const own = isEmbedded ? path.slice(embedPath.length + 1) : path;
        return assign(fields, own, message);
      }),
    differences: (stored, typed) =>
      fields
        .filter((field) => !('writeOnly' in field && field.writeOnly))
        .map((field) => ({ field: field.label, stored: comparable(field, stored), typed: comparable(field, typed) }))
        .filter((difference) => difference.stored !== difference.typed),
  };
}

const pathOf = ({ path, name }: Field): string | null => (path === undefined ? name : path);

function readField(field: Field, posted: PostedForm): [string, string | string[]][] {
  const { kind, name } = field;
  switch (kind) {
    case 'checkbox':
      return [[name, posted.has(name) ? 'on' : '']];
    case 'checkboxes':
      return [[name, posted.all(name)]];
    case 'datetime':
      return [
        [name, posted.text(name)],
        [field.offsetName, posted.text(field.offsetName)],
      ];
    // A secret may begin with a space.
    case 'password':
    case 'textarea':
    case 'lines':
    case 'json':
      return [[name, posted.raw(name)]];
    default:
      return [[name, posted.text(name)]];
  }
}

/** Always creates the outermost object, even for an undefined value: to the API, an empty map differs from a missing one. */
function setAt(body: Record<string, unknown>, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    if (value !== undefined) body[name] = value;
    return;
  }
  const inner = isObject(body[name]) ? body[name] : {};
  body[name] = inner;
  if (value !== undefined) setAt(inner, rest.join('.'), value);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The field that a path belongs to, and the message for it. */
function assign(fields: readonly Field[], path: string, message: string): readonly [string, string] {
  const exact = fields.find((field) => pathOf(field) === path);
  if (exact) return [exact.name, message];
  for (const field of fields) {
    const outer = pathOf(field);
    if (outer === null || !(path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`))) continue;
    return [field.name, nestedMessage(field, path.slice(outer.length), message)];
  }
  return [path, message];
}
