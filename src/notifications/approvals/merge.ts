import { unprocessable, type ProblemDetail } from '../../http/problem.js';
import type { Cipher } from '../../lib/encryption.js';
import type { ChannelDoc } from './model.js';
import type { ChannelInput } from './schema.js';
import { isStored, encryptField, secretFields, type SecretField } from './secrets.js';

export interface MergeContext {
  orgId: string;
  cipher: Cipher;
  newId: () => string;
}

/**
 * The channels that a PUT asks for: what it leaves out of a channel's secrets is taken over from the stored one.
 * @throws Problem 422 with all that is wrong
 */
export function mergeChannels(
  stored: readonly ChannelDoc[],
  inputs: readonly ChannelInput[],
  context: MergeContext,
): ChannelDoc[] {
  const known = new Map(stored.map((channel) => [channel.id, channel]));
  const errors = inputs.flatMap((input, index) => {
    const repeated = input.id !== undefined && inputs.findIndex(({ id }) => id === input.id) < index;
    const fault = repeated ? wrong('id', 'is given twice') : faultOf(input, known.get(input.id ?? ''), context);
    return fault ? [{ ...fault, path: `channels[${index}].${fault.path}` }] : [];
  });
  if (errors.length > 0) throw unprocessable(errors);
  return inputs.map((input) => merged(input, known.get(input.id ?? ''), context));
}

const wrong = (path: string, message: string): ProblemDetail => ({ path, message });

function faultOf(input: ChannelInput, stored: ChannelDoc | undefined, context: MergeContext): ProblemDetail | null {
  if (input.id !== undefined && !stored) return wrong('id', 'is not a channel of this org; leave it out for a new one');
  if (stored && stored.type !== input.type) return wrong('type', `is ${stored.type}; a new channel takes a new id`);
  const given = secretsOf(input);
  const [needed] = secretFields[input.type];
  if (given[needed] === undefined && (stored?.[needed] ?? null) === null) return wrong(needed, 'is required');
  // Otherwise whoever may configure could have signatures made for a receiver of their own.
  const moved = stored && given.url && !isStored(context.cipher, context.orgId, stored, 'url', given.url);
  if (moved && stored.secret !== null && given.secret === undefined) {
    return wrong('secret', 'must be sent again when url changes');
  }
  return null;
}

function merged(input: ChannelInput, stored: ChannelDoc | undefined, context: MergeContext): ChannelDoc {
  const id = stored?.id ?? context.newId();
  const given = secretsOf(input);
  const secretOf = (field: SecretField): string | null => {
    const text = given[field];
    const encrypted = stored?.[field] ?? null;
    if (text === undefined) return encrypted;
    if (text === null) return null;
    // The same text stays as it was sealed: nothing has changed.
    const same = stored && isStored(context.cipher, context.orgId, stored, field, text);
    return same ? encrypted : encryptField(context.cipher, context.orgId, id, field, text);
  };
  return {
    id,
    type: input.type,
    name: input.name,
    min_severity: input.min_severity,
    moments: input.on,
    enabled: input.enabled,
    url: secretOf('url'),
    routing_key: secretOf('routing_key'),
    secret: secretOf('secret'),
  };
}

const secretsOf = (input: ChannelInput): Partial<Record<SecretField, string | null | undefined>> => input;
