import { createNotifier, createSendTo, type Notifier } from '../../src/notifications/approvals/notifier.js';
import { approvalRoutes } from '../../src/notifications/approvals/routes.js';
import { createApprovalService } from '../../src/notifications/approvals/service.js';
import { createApprovalStore, type ApprovalStore } from '../../src/notifications/approvals/store.js';
import { createTestChannel } from '../../src/notifications/approvals/test-call.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { FakePagerDuty, routingKey } from '../support/fake-pagerduty.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { FakeSlack } from '../support/fake-slack.js';
import { FakeTeams } from '../support/fake-teams.js';
import type { Api, ApiAnswer } from '../support/http.js';
import { openNotificationHttp, type BareHttp } from '../support/notification-http.js';

export const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** The fakes of one file, and the channels that lead to them. */
export const slack = new FakeSlack();
export const teams = new FakeTeams();
export const pager = new FakePagerDuty();
export const receiver = new FakeReceiver(Buffer.alloc(32, 9), secret);

export const webhook = (more = {}) => ({
  type: 'webhook',
  name: 'Hook',
  url: receiver.url,
  secret,
  on: ['created'],
  ...more,
});
export const slackChannel = (more = {}) => ({
  type: 'slack',
  name: 'Ops',
  url: slack.url,
  on: ['created'],
  ...more,
});
export const all = () => [
  webhook(),
  slackChannel({ min_severity: 'high', on: ['created', 'overdue', 'created'] }),
  { type: 'teams', name: 'Chat', url: teams.url, on: ['resolved'], min_severity: 'low', enabled: false },
  { type: 'pagerduty', name: 'Page', routing_key: routingKey, on: ['created', 'claimed', 'resolved', 'budget'] },
];

export interface Setup {
  org: string;
  path: string;
  key: Api;
  put: (channels: unknown[], headers?: Record<string, string>) => Promise<ApiAnswer>;
}

export interface ApprovalsHarness {
  app: TestApp;
  store: ApprovalStore;
  notifier: Notifier;
  /** The HTTP client of the channels. */
  http: BareHttp;
  /** A new org, its path, and a key that may configure it. */
  newSetup: () => Promise<Setup>;
  close: () => Promise<unknown>;
}

/** The API with approvals, and the fakes that they notify. */
export async function startApprovals(): Promise<ApprovalsHarness> {
  const http = openNotificationHttp();
  const services = [slack, teams, pager, receiver];
  await Promise.all(services.map((service) => service.up()));
  const app = await startTestApp({
    routes: ({ models, audit, cipher }) => {
      const store = createApprovalStore(models);
      const sendTo = createSendTo({ http, pagerDutyEndpoint: pager.endpoint, cipher });
      return approvalRoutes({
        approvalService: createApprovalService({ store, cipher, audit }),
        testChannel: createTestChannel({ store, sendTo, publicUrl: 'http://drawbridge.test' }),
      });
    },
  });
  const store = createApprovalStore(app.models);
  return {
    app,
    store,
    notifier: createNotifier({ store, http, pagerDutyEndpoint: pager.endpoint, cipher: app.cipher }),
    http,
    async newSetup() {
      const org = await app.newOrg();
      const key = await app.keyOf(org, ['configure']);
      const path = `/orgs/${org}/approvals`;
      return { org, path, key, put: (channels, headers) => key.put(path, { channels }, headers) };
    },
    close: () => Promise.all([app, http, ...services].map((part) => part.close())),
  };
}

export const channelsOf = (answer: ApiAnswer) => answer.body.channels as Record<string, unknown>[];
export const firstId = (answer: ApiAnswer) => String(channelsOf(answer)[0]?.id);
