import type { Model } from 'mongoose';
import { isDuplicateKey } from '../db/schema-options.js';
import type { ApprovalsDoc, ChannelDoc } from './model.js';

export type Approvals = Pick<ApprovalsDoc, 'version' | 'channels'>;

export interface ApprovalStore {
  /** Version 0 and no channels for an org that has set none. */
  find: (orgId: string) => Promise<Approvals>;
  /** The channel, or null. */
  channel: (orgId: string, channelId: string) => Promise<ChannelDoc | null>;
  /** Puts these channels in the place of this version's. @returns null when there is another version by now */
  replace: (orgId: string, version: number, channels: ChannelDoc[]) => Promise<Approvals | null>;
}

export function createApprovalStore({ approvals }: { approvals: Model<ApprovalsDoc> }): ApprovalStore {
  const find = async (orgId: string) =>
    (await approvals.findById(orgId).lean().exec()) ?? { version: 0, channels: [] as ChannelDoc[] };
  return {
    find,
    async channel(orgId, channelId) {
      const { channels } = await find(orgId);
      return channels.find(({ id }) => id === channelId) ?? null;
    },
    async replace(orgId, version, channels) {
      const change = { version: version + 1, channels, updated_at: new Date() };
      if (version === 0) return (await isInserted(approvals, { _id: orgId, ...change })) ? change : null;
      const { matchedCount } = await approvals.updateOne({ _id: orgId, version }, { $set: change }).exec();
      return matchedCount === 1 ? change : null;
    },
  };
}

async function isInserted(approvals: Model<ApprovalsDoc>, doc: ApprovalsDoc): Promise<boolean> {
  try {
    await approvals.create(doc);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
