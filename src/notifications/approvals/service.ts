import { newId } from '../../lib/ids.js';
import type { Audit } from '../../auth/audit/audit.js';
import { createReplaceSettings, type ReplacedBy } from '../../auth/settings/replace.js';
import type { Cipher } from '../../lib/encryption.js';
import { changedFields } from './changes.js';
import { mergeChannels } from './merge.js';
import type { ChannelInput } from './schema.js';
import type { Approvals, ApprovalStore } from './store.js';

export interface ApprovalService {
  get: (orgId: string) => Promise<Approvals>;
  /**
   * Replaces all channels. Without If-Match the last one wins, whole.
   * @throws Problem 412 when If-Match names another version, 422 for channels that cannot be
   */
  replace: (orgId: string, channels: readonly ChannelInput[], by: ReplacedBy) => Promise<Approvals>;
}

interface Dependencies {
  store: ApprovalStore;
  cipher: Cipher;
  audit: Audit;
}

export function createApprovalService({ store, cipher, audit }: Dependencies): ApprovalService {
  const replace = createReplaceSettings({ store, audit, name: 'approvals' });
  return {
    get: (orgId) => store.find(orgId),
    replace: (orgId, inputs, by) =>
      replace(orgId, by, (current) => {
        const channels = mergeChannels(current.channels, inputs, { orgId, cipher, newId: () => newId('chn') });
        return { content: { channels }, changed: changedFields(current.channels, channels) };
      }),
  };
}
