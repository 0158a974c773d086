import type { Connection } from 'mongoose';
import type { ChannelOptions } from '../index.js';
import type { Audit } from '../../auth/audit/audit.js';
import type { Cipher } from '../../lib/encryption.js';
import { createHostOf } from './destination.js';
import { approvalsModel } from './model.js';
import { createSendTo } from './notifier.js';
import { approvalRoutes } from './routes.js';
import { createApprovalService } from './service.js';
import { createApprovalStore } from './store.js';
import { createTestChannel } from './test-call.js';

export interface ApprovalsOptions extends ChannelOptions {
  connection: Connection;
  cipher: Cipher;
  audit: Audit;
  publicUrl: string;
}

/** Wires this folder for the API; the worker makes a store and a notifier. */
export function createApprovals({ connection, cipher, audit, publicUrl, ...channels }: ApprovalsOptions) {
  const store = createApprovalStore({ approvals: approvalsModel(connection) });
  const approvalService = createApprovalService({ store, cipher, audit });
  const testChannel = createTestChannel({ store, sendTo: createSendTo({ cipher, ...channels }), publicUrl });
  return {
    store,
    service: approvalService,
    testChannel,
    hostOf: createHostOf({ cipher, pagerDutyEndpoint: channels.pagerDutyEndpoint }),
    routes: approvalRoutes({ approvalService, testChannel }),
  };
}
