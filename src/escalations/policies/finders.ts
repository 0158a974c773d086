import type { FindPolicy } from './evaluate.js';

interface Entry {
  version: number;
  find: FindPolicy;
  characters: number;
}

interface Limits {
  /** How many orgs' are kept. */
  orgs?: number;
  /** How much text their matches may have in all: compiled, a match takes some ten times as much memory. */
  characters?: number;
}

export interface Finders {
  get: (orgId: string, version: number) => FindPolicy | null;
  put: (orgId: string, entry: Entry) => void;
}

/** Keeps the compiled policies of the orgs that had events last. */
export function createFinders({ orgs = 500, characters = 4_000_000 }: Limits = {}): Finders {
  const entries = new Map<string, Entry>();
  let held = 0;
  const remove = (orgId: string, entry: Entry) => {
    entries.delete(orgId);
    held -= entry.characters;
  };
  const add = (orgId: string, entry: Entry) => {
    entries.set(orgId, entry);
    held += entry.characters;
  };
  return {
    get(orgId, version) {
      const entry = entries.get(orgId);
      if (entry?.version !== version) return null;
      // A Map keeps the order of insertion: the last one asked for is the last to go.
      remove(orgId, entry);
      add(orgId, entry);
      return entry.find;
    },
    put(orgId, entry) {
      const former = entries.get(orgId);
      if (former) remove(orgId, former);
      add(orgId, entry);
      for (const [oldest, old] of entries) {
        if (entries.size <= orgs && held <= characters) return;
        remove(oldest, old);
      }
    },
  };
}
