import { Problem } from '../../http/problem.js';

/** What is wrong with a submitted form. */
export interface FormErrors {
  /** Messages by field name. An error without a field is listed under its API path. */
  fields: ReadonlyMap<string, readonly string[]>;
  /** A sentence for the top of the form; null when the field messages say everything. */
  summary: string | null;
}

/** A refused action, with the HTTP status to answer with. */
export interface Refusal {
  errors: FormErrors;
  status: number;
}

export const noErrors: FormErrors = { fields: new Map(), summary: null };

export const hasErrors = ({ fields, summary }: FormErrors): boolean => fields.size > 0 || summary !== null;

/**
 * Runs what a form asks for. A refusal is returned, so that the page can be shown again with the typed values.
 * @param errorsOf converts the API's problem; a form's own `errorsOf` assigns messages to its fields
 * @throws Problem 401, 403, 404 and 500, which have pages of their own, and all other errors
 */
export async function attempt<T>(
  action: () => Promise<T>,
  errorsOf: (problem: Problem) => FormErrors = errorsByPath,
): Promise<{ value: T } | Refusal> {
  try {
    return { value: await action() };
  } catch (error) {
    if (!(error instanceof Problem) || [401, 403, 404].includes(error.status) || error.status === 500) throw error;
    return { errors: errorsOf(error), status: error.status };
  }
}

/**
 * Groups a problem's messages.
 * @param assign returns the field name and the message to show there; by default the API path and the unchanged message
 */
export function errorsByPath(
  { detail, extras: { errors = [] } }: Problem,
  assign: (path: string, message: string) => readonly [string, string] = (path, message) => [path, message],
): FormErrors {
  const fields = new Map<string, string[]>();
  for (const { path, message } of errors) {
    const [name, text] = assign(path, message);
    fields.set(name, [...(fields.get(name) ?? []), text]);
  }
  return { fields, summary: errors.length === 0 ? detail : null };
}
