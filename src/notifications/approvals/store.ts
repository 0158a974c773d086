import type { Model } from 'mongoose';
import type { ContentOf, Versioned } from '../../auth/settings/document.js';
import { createSettingsStore, type SettingsStore } from '../../auth/settings/store.js';
import type { ApprovalsDoc, ChannelDoc } from './model.js';

export type ApprovalsContent = ContentOf<ApprovalsDoc>;
export type Approvals = Versioned<ApprovalsContent>;

export interface ApprovalStore extends SettingsStore<ApprovalsContent> {
  /** The channel, or null. */
  channel: (orgId: string, channelId: string) => Promise<ChannelDoc | null>;
}

export function createApprovalStore({ approvals }: { approvals: Model<ApprovalsDoc> }): ApprovalStore {
  const store = createSettingsStore({ model: approvals, empty: { channels: [] } });
  return {
    ...store,
    async channel(orgId, channelId) {
      const { channels } = await store.find(orgId);
      return channels.find(({ id }) => id === channelId) ?? null;
    },
  };
}
