import type { TrackerStates } from '../providers/breaker/states.js';
import type { ConnectionDoc } from './model.js';
import type { ConnectionStore } from './store.js';

/** How an org's connections are, as far as is known without a call. */
export interface ConnectionsHealth {
  /** Where its new tickets go; null: where the environment's do. */
  default: Pick<ConnectionDoc, 'name' | 'provider'> | null;
  /** Those whose credentials the tracker refuses, with its words. */
  refused: { name: string; words: string }[];
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
      return state ? [{ name, words: state.words ?? '' }] : [];
    });
    return { default: winner && { name: winner.name, provider: winner.provider }, refused };
  };
}
