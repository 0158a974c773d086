import type { TrackerStatus } from '../../integrations/tracker-side.js';

/**
 * Our status for a tracker's, by its name or its id, in that order; a name's capitals do not matter.
 * @returns null when the map says nothing of it
 */
export function mappedStatus(map: Readonly<Record<string, string>>, { name, id }: TrackerStatus): string | null {
  const entries = Object.entries(map);
  const find = (wanted: string) => entries.find(([remote]) => sameName(remote, wanted))?.[1];
  return find(name) ?? find(id) ?? null;
}

const sameName = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();
