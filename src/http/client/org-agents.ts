import type { Agent } from 'undici';

export interface OrgAgents {
  /** Runs a call with the org's agent. */
  use: <T>(org: string, call: (agent: Agent) => Promise<T>) => Promise<T>;
  /** Ends the calls under way and the kept-alive connections. */
  destroy: () => Promise<void>;
}

interface Entry {
  agent: Agent;
  calls: number;
  usedAt: number;
}

/** Longer than any connection is kept alive. */
const idleMs = 60_000;

/**
 * An agent for each org: orgs share no connection, and nobody waits for a connection to a host because of another org's calls
 * to it. An agent that nobody uses is closed.
 */
export function createOrgAgents(make: (org: string) => Agent): OrgAgents {
  const entries = new Map<string, Entry>();
  let sweptAt = performance.now();

  function sweep(now: number): void {
    if (now - sweptAt < idleMs) return;
    sweptAt = now;
    for (const [org, { agent, calls, usedAt }] of entries) {
      if (calls > 0 || now - usedAt < idleMs) continue;
      entries.delete(org);
      // Nothing is under way, so nothing can fail that anybody waits for.
      agent.close().catch(() => undefined);
    }
  }

  function entryOf(org: string): Entry {
    const existing = entries.get(org);
    if (existing) return existing;
    const entry = { agent: make(org), calls: 0, usedAt: 0 };
    entries.set(org, entry);
    return entry;
  }

  return {
    async use(org, call) {
      const entry = entryOf(org);
      entry.calls += 1;
      try {
        return await call(entry.agent);
      } finally {
        entry.calls -= 1;
        entry.usedAt = performance.now();
        sweep(entry.usedAt);
      }
    },
    async destroy() {
      await Promise.all([...entries.values()].map(({ agent }) => agent.destroy()));
    },
  };
}
