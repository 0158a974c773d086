import type { FormErrors } from '../form.js';

/** The API's errors of one entry of a list as those of the form that it was typed in. */
export function errorsOfEntry(errors: FormErrors, list: string, index: number): FormErrors {
  const prefix = `${list}[${index}].`;
  const own = (path: string) => (path.startsWith(prefix) ? path.slice(prefix.length) : path);
  return { ...errors, fields: new Map([...errors.fields].map(([path, message]) => [own(path), message])) };
}
