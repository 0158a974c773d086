import { changedSince, checkIfMatch } from '../http/etag.js';
import { conflict } from '../http/problem.js';
import { newId } from '../ids.js';
import type { Audit } from '../orgs/audit/audit.js';
import type { Caller } from '../orgs/caller.js';
import type { Cipher } from '../security/encryption.js';
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
  replace: (
    orgId: string,
    channels: readonly ChannelInput[],
    by: { caller: Caller; ifMatch: string | undefined },
  ) => Promise<Approvals>;
}

interface Dependencies {
  store: ApprovalStore;
  cipher: Cipher;
  audit: Audit;
}

/** Each loss is somebody else's success, so this many in a row mean that something else is wrong. */
const maxTries = 20;

export function createApprovalService({ store, cipher, audit }: Dependencies): ApprovalService {
  return {
    get: (orgId) => store.find(orgId),
    async replace(orgId, inputs, { caller, ifMatch }) {
      for (let tries = 0; tries < maxTries; tries++) {
        const current = await store.find(orgId);
        checkIfMatch(ifMatch, current.version);
        const channels = mergeChannels(current.channels, inputs, { orgId, cipher, newId: () => newId('chn') });
        const replaced = await store.replace(orgId, current.version, channels);
        if (replaced) {
          const changed = changedFields(current.channels, channels);
          const subject = { type: 'approvals', id: orgId };
          await audit.record(orgId, caller, { action: 'approvals.replaced', subject, changed });
          return replaced;
        }
        if (ifMatch !== undefined && ifMatch.trim() !== '*') throw changedSince();
      }
      throw conflict('concurrent_changes', 'Others are changing this document at the same time.');
    },
  };
}
