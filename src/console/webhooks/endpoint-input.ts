import { Problem, unprocessable, type ProblemDetail } from '../../http/problem.js';
import { validate } from '../../http/validation.js';
import { createEndpointBody, updateEndpointBody } from '../../webhooks/endpoints/schema.js';
import type { EndpointInput } from '../../webhooks/endpoints/new-endpoint.js';
import type { EndpointUpdate } from '../../webhooks/endpoints/change.js';
import type { Form, FormErrors } from '../form.js';

/** What a form says of an endpoint, as the API takes it. @throws Problem 422 with all that is wrong */
export function createInput(form: Form): EndpointInput {
  const { headers, wrong } = headersOf(form);
  return checked(wrong, form, () =>
    validate(createEndpointBody, { ...plainOf(form), headers, enabled: form.has('enabled') }),
  );
}

/** As above. Headers that are not typed anew stay. */
export function updateInput(form: Form): EndpointUpdate {
  const { headers, wrong } = headersOf(form);
  const areReplaced = form.text('replace_headers') === 'yes' || form.text('headers') !== '';
  return checked(wrong, form, () =>
    validate(updateEndpointBody, { ...plainOf(form), ...(areReplaced && { headers }) }),
  );
}

function plainOf(form: Form) {
  const rate = form.text('rate_limit_per_second');
  return {
    url: form.text('url'),
    events: form.all('events'),
    description: form.text('description'),
    rate_limit_per_second: rate === '' ? null : Number(rate),
    ordered: form.has('ordered'),
  };
}

/** A line each: `Name: value`. */
function headersOf(form: Form): { headers: Record<string, string>; wrong: ProblemDetail[] } {
  const lines = form
    .raw('headers')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  const names = pairs.map(([name]) => name);
  const wrong = lines.flatMap((line, index) => {
    const name = names[index] ?? '';
    if (!line.includes(':')) return [`need a name, a colon and a value in line ${index + 1}`];
    return names.indexOf(name) < index ? [`name ${name} twice`] : [];
  });
  return { headers: Object.fromEntries(pairs), wrong: wrong.map((message) => ({ path: 'headers', message })) };
}

/** In words for people, where the schema's are for programs. */
function checked<T>(wrong: readonly ProblemDetail[], form: Form, check: () => T): T {
  const rate = form.text('rate_limit_per_second');
  const own = [
    ...wrong,
    ...(form.all('events').length === 0 ? [{ path: 'events', message: 'need at least one type' }] : []),
    ...(/^([1-9]\d{0,3}|10000|)$/.test(rate)
      ? []
      : [{ path: 'rate_limit_per_second', message: 'must be a whole number from 1 to 10,000, or empty' }]),
  ];
  const has = (path: string) => own.some((one) => one.path === path);
  try {
    const value = check();
    if (own.length === 0) return value;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 422) throw error;
    own.push(...(error.extras.errors ?? []).filter(({ path }) => !has(path)));
  }
  throw unprocessable(own);
}

/** Errors of single headers stand beside the field that all of them are typed in. */
export function gathered({ fields, summary }: FormErrors): FormErrors {
  const beside = new Map<string, string>();
  for (const [path, message] of fields) {
    const [field = path, ...rest] = path.split(/[.[]/);
    const said = rest.length > 0 ? `${rest.join('.').replace(/\]$/, '')} ${message}` : message;
    const before = beside.get(field);
    beside.set(field, before === undefined ? said : `${before}; ${said}`);
  }
  return { fields: beside, summary };
}
