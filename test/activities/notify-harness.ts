import { randomBytes } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { DeliveryPoint } from '../../activities/notifications/context.js';
import { createNotificationActivities } from '../../activities/notifications/index.js';
import type { ChannelDoc } from '../../src/notifications/approvals/model.js';
import { createNotifier, type Notifier } from '../../src/notifications/approvals/notifier.js';
import type { NotificationDoc } from '../../src/notifications/approvals/outbox/model.js';
import { createOutbox } from '../../src/notifications/approvals/outbox/outbox.js';
import type { Recipient } from '../../workflows/contracts/notifications.js';
import { encryptField } from '../../src/notifications/approvals/secrets.js';
import { createApprovalStore } from '../../src/notifications/approvals/store.js';
import { defaultTimings } from '../../src/config/timings.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import type { EventDoc } from '../../src/events/model.js';
import type { NotifiedEscalation } from '../../src/notifications/notification.js';
import type { ChannelType } from '../../src/notifications/port.js';
import { createLogger } from '../../src/observability/logger.js';
import { createCipher } from '../../src/lib/encryption.js';
import { FakePagerDuty, routingKey } from '../support/fake-pagerduty.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { FakeSlack } from '../support/fake-slack.js';
import { FakeTeams } from '../support/fake-teams.js';
import { openTestDatabase } from '../support/mongo.js';
import { openNotificationHttp } from '../support/notification-http.js';
import { notify } from '../support/notifications.js';
import type { NotifyResult } from '../../workflows/contracts/notifications.js';

/** As a process that dies at a named point. */
export class Crash extends Error {}

interface About {
  orgId: string;
  subjectId: string;
  seq: number;
  moment?: 'created' | 'claimed' | 'overdue' | 'resolved' | undefined;
}

export interface TryOptions {
  crashAt?: DeliveryPoint;
  environment?: MockActivityEnvironment;
  /** In the place of the real one. */
  send?: Notifier['send'];
}

export type Notifications = Awaited<ReturnType<typeof openNotifications>>;

const secret = 'canary-signing-secret';

export const newSubject = () => `esc_${randomBytes(5).toString('hex')}`;

export const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error as Record<string, unknown>,
  );

/** Activities fail here on purpose: the SDK's word on that belongs into no test's output. */
export const activityEnvironment = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

/** The outbox and its activities on a real MongoDB, and the four services over real HTTP. */
export async function openNotifications() {
  const { connection, models, close } = await openTestDatabase();
  const services = {
    slack: new FakeSlack(),
    teams: new FakeTeams(),
    pagerduty: new FakePagerDuty(),
    webhook: new FakeReceiver(Buffer.from(secret), secret),
  };
  await Promise.all(Object.values(services).map((service) => service.up()));
  const [http, shortTimeoutHttp] = [openNotificationHttp(), openNotificationHttp(1_000)];
  const cipher = createCipher({ key: randomBytes(32) });
  const { approvals, notifications, events } = models;
  const store = createApprovalStore({ approvals });
  const notifying = { store, cipher, pagerDutyEndpoint: services.pagerduty.endpoint };
  const notifier = createNotifier({ ...notifying, http });
  const outbox = createOutbox({ notifications, notifier, timings: defaultTimings });
  await ensureIndexes(connection);
  /** What the worker's log got. */
  const logged: { level: 'warn' | 'error'; entry: object }[] = [];
  const logger = Object.assign(createLogger('silent'), {
    warn: (entry: object) => void logged.push({ level: 'warn', entry }),
    error: (entry: object) => void logged.push({ level: 'error', entry }),
  });
  const deps = { outbox, notifier, events, publicUrl: 'https://bridge.example/', logger, timings: defaultTimings };

  function encrypted(orgId: string, id: string, type: ChannelType): Pick<ChannelDoc, 'url' | 'routing_key' | 'secret'> {
    const field = (name: 'url' | 'routing_key' | 'secret', text: string) => encryptField(cipher, orgId, id, name, text);
    const none = { url: null, routing_key: null, secret: null };
    if (type === 'pagerduty') return { ...none, routing_key: field('routing_key', routingKey) };
    const url = field('url', services[type].url);
    return type === 'webhook' ? { ...none, url, secret: field('secret', secret) } : { ...none, url };
  }

  /** All of a subject, by channel and in order. */
  const docs = (subjectId: string) =>
    notifications.find({ subject_id: subjectId }).sort({ channel_id: 1, seq: 1 }).lean<NotificationDoc[]>();

  /** Makes a moment of an escalation due. */
  function put(about: About, more: Partial<NotifiedEscalation> = {}): Promise<void> {
    const { orgId, subjectId: key, seq, moment = 'created' } = about;
    const occurredAt = new Date(Date.UTC(2026, 2, 1, 12, seq));
    return outbox.put({ ...notify(moment, more), moment, orgId, key, occurredAt }, { seq, severity: 'high' });
  }

  /** An org with these channels, which want everything. */
  async function org(...types: ChannelType[]) {
    const orgId = `org-${randomBytes(4).toString('hex')}`;
    const channels = types.map((type): ChannelDoc => {
      const id = `chn_${randomBytes(5).toString('hex')}`;
      const moments = ['created', 'claimed', 'overdue', 'resolved', 'budget'] as const;
      const common = { id, type, name: type, min_severity: 'low' as const, moments: [...moments], enabled: true };
      return { ...common, ...encrypted(orgId, id, type) };
    });
    await approvals.create({ _id: orgId, version: 1, channels, updated_at: new Date() });
    return { orgId, channelIds: channels.map(({ id }) => id) };
  }

  return {
    ...services,
    org,
    put,
    docs,
    /** An org with one channel, and an escalation that it is to hear of. */
    async oneChannel(type: ChannelType, due: readonly About['moment'][] = ['created']): Promise<Recipient> {
      const { orgId, channelIds } = await org(type);
      const subjectId = newSubject();
      for (const [index, moment] of due.entries()) await put({ orgId, subjectId, seq: index + 1, moment });
      return { orgId, subjectId, channelId: channelIds[0] ?? '' };
    },
    statusesOf: async (subjectId: string) => (await docs(subjectId)).map(({ status }) => status),
    outbox,
    notifications,
    events,
    logged,
    deps,
    activities: createNotificationActivities(deps),
    /** Changes a channel, as a PUT does. */
    change: (orgId: string, channelId: string, change: Partial<ChannelDoc>) =>
      approvals.updateOne(
        { _id: orgId, 'channels.id': channelId },
        { $set: Object.fromEntries(Object.entries(change).map(([name, value]) => [`channels.$.${name}`, value])) },
      ),
    async remove(orgId: string): Promise<void> {
      await approvals.deleteOne({ _id: orgId });
    },
    /** One try of the activity, as a worker runs it. */
    notifyChannel(recipient: Recipient, options: TryOptions = {}): Promise<NotifyResult> {
      const { crashAt, environment = activityEnvironment(), send = notifier.send } = options;
      const activities = createNotificationActivities({
        ...deps,
        notifier: { send },
        atPoint: (point) => {
          if (point === crashAt) throw new Crash(point);
        },
      });
      return environment.run((input: Recipient) => activities.notifyChannel(input), recipient);
    },
    /** The wait is over: as if its time had come. */
    endWait: (subjectId: string) =>
      notifications.updateMany({ subject_id: subjectId, status: 'pending' }, { $set: { next_try_at: new Date() } }),
    /** A budget event, as it is ingested. */
    async budgetEvent(orgId: string, data: unknown = { wallet_id: 'w-1', threshold_percent: 80 }): Promise<EventDoc> {
      const id = `evt_${randomBytes(5).toString('hex')}`;
      const event: EventDoc = {
        _id: id,
        org_id: orgId,
        type: 'budget.threshold_reached',
        data: JSON.stringify(data),
        occurred_at: new Date('2026-03-01T12:00:00.000Z'),
        source_id: null,
        dedupe_key: id,
        raise: null,
        due: true,
        created_at: new Date(),
      };
      await events.create(event);
      return event;
    },
    /** `send` with a short timeout, for channels that never answer. */
    shortTimeoutSend: createNotifier({ ...notifying, http: shortTimeoutHttp }).send,
    async close() {
      await Promise.all([http, shortTimeoutHttp, ...Object.values(services)].map((part) => part.close()));
      await close();
    },
  };
}
