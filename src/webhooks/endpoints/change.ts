import type { z } from 'zod';
import { unprocessable } from '../../http/problem.js';
import type { Cipher } from '../../lib/encryption.js';
import type { HeaderInput } from './header-input.js';
import type { EndpointDoc, HeaderDoc } from './model.js';
import type { updateEndpointBody } from './schema.js';
import { isStoredValue, encryptHeader } from './secrets.js';
import type { EndpointChange } from './store.js';

export type EndpointUpdate = z.output<typeof updateEndpointBody>;

const plainFields = ['url', 'events', 'description', 'rate_limit_per_second', 'ordered', 'enabled'] as const;

/**
 * What a PATCH makes of an endpoint. What is sent as it is already changes nothing.
 * @returns `changed`: the names of the fields that differ, for the audit record
 * @throws Problem 422 when headers would follow to another origin
 */
export function changeOf(
  current: EndpointDoc,
  input: EndpointUpdate,
  { cipher, at }: { cipher: Cipher; at: Date },
): { change: EndpointChange; changed: string[] } {
  // Otherwise whoever may configure could have their values sent to a receiver of their own.
  const moves = input.url !== undefined && new URL(input.url).origin !== new URL(current.url).origin;
  if (moves && current.headers.length > 0 && input.headers === undefined) {
    throw unprocessable([{ path: 'headers', message: 'must be sent again when url changes' }]);
  }
  const plain = plainFields.filter(
    (field) => input[field] !== undefined && String(input[field]) !== String(current[field]),
  );
  const headers = input.headers && mergeHeaders(cipher, current, input.headers);
  const changedHeaders = headers ? differing(current.headers, headers) : [];
  return {
    change: {
      ...(Object.fromEntries(plain.map((field) => [field, input[field]])) as EndpointChange),
      ...(plain.includes('enabled') && { disabled_reason: null, disabled_at: input.enabled === true ? null : at }),
      ...(headers && changedHeaders.length > 0 && { headers }),
    },
    changed: [...plain, ...changedHeaders.map((name) => `headers.${name}`)],
  };
}

/** The same value stays as it was sealed: nothing has changed. */
function mergeHeaders(cipher: Cipher, current: EndpointDoc, inputs: readonly HeaderInput[]): HeaderDoc[] {
  return inputs.map((input) => {
    const stored = current.headers.find(({ name }) => name === input.name);
    return stored && isStoredValue(cipher, current, stored, input.value)
      ? stored
      : encryptHeader(cipher, current, input);
  });
}

function differing(before: readonly HeaderDoc[], after: readonly HeaderDoc[]): string[] {
  const holds = (list: readonly HeaderDoc[], header: HeaderDoc) =>
    list.some(({ name, sealed }) => name === header.name && sealed === header.sealed);
  const names = [...after.filter((one) => !holds(before, one)), ...before.filter((one) => !holds(after, one))];
  return [...new Set(names.map(({ name }) => name))];
}
