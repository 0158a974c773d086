import type { TrackerStates } from '../breaker/states.js';
import { EncryptionError, type Cipher } from '../../lib/encryption.js';
import { secretNames, type ConnectionDoc } from './model.js';
import { openSecret } from './secrets.js';
import type { ConnectionStore } from './store.js';

/** How an org's connections are, as far as is known without a call. */
export interface ConnectionsHealth {
  /** Where its new tickets go; null: where the environment's do. */
  default: Pick<ConnectionDoc, 'name' | 'provider'> | null;
  /** Those whose credentials the tracker refuses, with its message. */
  refused: { name: string; message: string }[];
}

export type ConnectionsHealthOf = (orgId: string) => Promise<ConnectionsHealth>;

export function createConnectionsHealth(deps: { store: ConnectionStore; states: TrackerStates }): ConnectionsHealthOf {
  return async (orgId) => {
    const connections = await deps.store.all(orgId);
    if (connections.length === 0) return { default: null, refused: [] };
    const [winner, states] = await Promise.all([
      deps.store.defaultOf(orgId),
      deps.states.refused(connections.map(({ _id }) => _id)),
    ]);
    const refused = connections.flatMap(({ _id, version, name }) => {
      const state = states.find((one) => one._id === _id && one.version === version);
      return state ? [{ name, message: state.words ?? '' }] : [];
    });
    return { default: winner && { name: winner.name, provider: winner.provider }, refused };
  };
}

/** How the calls of one connection go, as far as is known without a call. */
export type ConnectionState =
  | { kind: 'ok' }
  /** Its secrets do not open: the key that sealed them is missing. */
  | { kind: 'undecryptable' }
  /** The tracker refuses its credentials, with this message; calls are held back, and one is let through from `nextTryAt` on. */
  | { kind: 'refused'; since: Date; message: string; nextTryAt: Date }
  /** The tracker doesn't answer; one call is let through from `nextTryAt` on. */
  | { kind: 'unreachable'; since: Date; message: string; nextTryAt: Date }
  /** The tracker asked for a pause until then, with this message. */
  | { kind: 'held'; until: Date; message: string };

export type ConnectionStateOf = (connection: ConnectionDoc) => Promise<ConnectionState>;

export function createConnectionStateOf(deps: {
  states: Pick<TrackerStates, 'read'>;
  cipher: Pick<Cipher, 'decrypt'>;
}): ConnectionStateOf {
  return async (connection) => {
    if (!opens(deps.cipher, connection)) return { kind: 'undecryptable' };
    const state = await deps.states.read(connection._id);
    if (!state) return { kind: 'ok' };
    const { version, refused_at: since, words, next_call_at: nextTryAt, hold_until: until, hold_words } = state;
    if (since && version === connection.version) {
      return { kind: 'refused', since, message: words ?? '', nextTryAt: nextTryAt ?? since };
    }
    const { unreachable_since: lostSince, unreachable_message, probe_at } = state;
    if (lostSince && version === connection.version) {
      return {
        kind: 'unreachable',
        since: lostSince,
        message: unreachable_message ?? '',
        nextTryAt: probe_at ?? lostSince,
      };
    }
    return until && until > new Date() ? { kind: 'held', until, message: hold_words ?? '' } : { kind: 'ok' };
  };
}

function opens(cipher: Pick<Cipher, 'decrypt'>, connection: ConnectionDoc): boolean {
  try {
    for (const name of secretNames) openSecret(cipher, connection, name);
    return true;
  } catch (error) {
    if (error instanceof EncryptionError) return false;
    throw error;
  }
}
