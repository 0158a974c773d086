import { isUtf8 } from 'node:buffer';
import { forbidden, unprocessable, type ProblemDetail } from '../http/problem.js';
import type { Actor } from '../http/caller.js';
import type { Credentials } from '../http/credentials.js';

type NamedActor = Pick<Credentials, 'actorId' | 'actorName'>;

const maxLength = 200;

/**
 * The person that X-Actor-Id and X-Actor-Name name, or the key's own actor without them.
 * @param mayAct whether this key may speak for others
 * @throws Problem 403 when it may not, 422 for a name without an id, one too long, or one with control characters
 */
export function actingActor(own: Actor, mayAct: boolean, { actorId, actorName }: NamedActor): Actor {
  if (actorId === undefined && actorName === undefined) return own;
  if (!mayAct) throw forbidden('This key may not name an actor: that takes a key made with may_act.');
  if (actorId === undefined) throw unprocessable([{ path: 'X-Actor-Id', message: 'is required with X-Actor-Name' }]);
  const [id, name] = [actorId, actorName ?? ''];
  const errors = [...faults('X-Actor-Id', id), ...(actorName === undefined ? [] : faults('X-Actor-Name', name))];
  if (errors.length > 0) throw unprocessable(errors);
  return { id, name: name || id, via: own.via };
}

function faults(path: string, value: string): ProblemDetail[] {
  if (value.length < 1 || value.length > maxLength)
    return [{ path, message: `must have 1 to ${maxLength} characters` }];
  return /\p{Cc}/u.test(value) ? [{ path, message: 'must not have control characters' }] : [];
}

/** Node reads headers as Latin-1; what was sent as UTF-8 is put right, anything else is taken as Latin-1. */
export function fromHeader(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}
