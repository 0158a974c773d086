import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { LinkDoc } from './model.js';

/**
 * Whether a link has moved past a command. It moves last of all, so whatever is read after this is complete. What a refused
 * create holds is for the workflow to say.
 */
export async function isApplied(links: Model<LinkDoc>, linkId: string, seq: number): Promise<boolean> {
  return (await links.exists({ _id: linkId, applied_seq: trusted({ $gte: seq }) })) !== null;
}
