import { Problem, type ProblemDetail } from '../http/problem.js';

/** What was sent by a form: texts, as they were typed. */
export interface Form {
  /** Trimmed; empty when it was not sent. */
  text: (name: string) => string;
  /** As it was typed. */
  raw: (name: string) => string;
  all: (name: string) => string[];
  has: (name: string) => boolean;
  names: () => string[];
}

/** @param body urlencoded, as a browser sends it */
export function formOf(body: URLSearchParams): Form {
  return {
    text: (name) => (body.get(name) ?? '').trim(),
    raw: (name) => body.get(name) ?? '',
    all: (name) => body.getAll(name),
    has: (name) => body.has(name),
    names: () => [...new Set(body.keys())],
  };
}

/** Why something was not done: what stands beside the fields, and what stands above the form. */
export interface FormErrors {
  /** By the field's dotted path in the API. */
  fields: Map<string, string>;
  /** A sentence; null when the fields say it all. */
  summary: string | null;
}

export const noErrors: FormErrors = { fields: new Map(), summary: null };

/**
 * Does what a form asks for. A refusal comes back as errors, so that the page is shown again with what was typed; what is broken
 * is thrown.
 */
export async function attempt<T>(
  action: () => Promise<T>,
): Promise<{ value: T } | { errors: FormErrors; status: number }> {
  try {
    return { value: await action() };
  } catch (error) {
    if (!(error instanceof Problem) || [401, 403, 404].includes(error.status) || error.status === 500) throw error;
    return { errors: errorsOf(error), status: error.status };
  }
}

function errorsOf({ detail, extras: { errors = [] } }: Problem): FormErrors {
  const fields = new Map(errors.map(({ path, message }: ProblemDetail) => [path, message]));
  return { fields, summary: errors.length === 0 ? detail : null };
}
