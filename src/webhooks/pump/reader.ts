import type { Claims } from './claims.js';
import { createDueWindow } from './due-window.js';
import type { DueDelivery } from './types.js';

const maxFreshMs = 250;
const shortestFreshMs = 2;
/** Behind by less, what is fresh is read with the rest. */
const behindMs = 100;

/** Reads what is due, the oldest first; while there is a backlog, some of what has just come as well, so that it does not wait behind. */
export function createReader({ claims, limitOf }: { claims: Pick<Claims, 'due'>; limitOf: () => number }) {
  const window = createDueWindow();
  let freshMs = maxFreshMs;
  let isBehind = false;

  async function fresh(edge: number, nowMs: number): Promise<DueDelivery[]> {
    const limit = Math.ceil(limitOf() / 2);
    const docs = await claims.due(new Date(Math.max(edge, nowMs - freshMs)), new Date(nowMs), limit);
    freshMs = docs.length >= limit ? Math.max(freshMs / 2, shortestFreshMs) : Math.min(freshMs * 2, maxFreshMs);
    return docs;
  }

  return {
    /** Whether the last reading found nothing, but did not look at all that is due. */
    isBehind: () => isBehind,
    async read(): Promise<DueDelivery[]> {
      const nowMs = Date.now();
      const limit = limitOf();
      const edge = window.edge(nowMs);
      const [docs, newest] = await Promise.all([
        claims.due(null, new Date(edge), limit),
        edge < nowMs - behindMs ? fresh(edge, nowMs) : [],
      ]);
      isBehind = edge < nowMs && docs.length === 0;
      window.note(
        docs.map(({ next_attempt_at }) => next_attempt_at?.getTime() ?? 0),
        docs.length >= limit,
      );
      return [...docs, ...newest];
    },
  };
}
