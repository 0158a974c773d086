import type { SecretDoc } from './model.js';

export const defaultOverlapSeconds = 86_400;
export const maxOverlapSeconds = 604_800;

/**
 * An endpoint's secrets with a new one in front; what was the newest goes on signing for the overlap, and all before it ends.
 * A repetition after a crash brings the id that it had: nobody saw that secret, so the new one takes its place, and the
 * one that the receiver knows stays.
 */
export function rotated(
  secrets: readonly SecretDoc[],
  fresh: SecretDoc,
  { overlapSeconds, at }: { overlapSeconds: number; at: Date },
): SecretDoc[] {
  const [newest, ...former] = secrets;
  if (newest?.id === fresh.id) return [fresh, ...former];
  if (!newest || overlapSeconds === 0) return [fresh];
  return [fresh, { ...newest, expires_at: new Date(at.getTime() + overlapSeconds * 1_000) }];
}
