import type { ChannelDue, Recipient } from '../../../../workflows/contracts/notifications.js';
import type { Model } from 'mongoose';
import type { Timings } from '../../../config/index.js';
import { insertMissing } from '../../../db/insert-missing.js';
import { trusted } from '../../../db/schema-options.js';
import type { Moment, Notification } from '../../notification.js';
import type { Severity } from '../../../lib/severity.js';
import type { Notifier } from '../notifier.js';
import type { NotificationDoc, NotificationStatus } from './model.js';
import { payloadOf } from './payload.js';

/** What people are told of. */
export interface Subject {
  orgId: string;
  subjectId: string;
}

/** A notification of something that happened; a test call is none. */
export type Occurrence = Notification & { moment: Moment };

export type Outbox = ReturnType<typeof createOutbox>;

interface Dependencies {
  notifications: Model<NotificationDoc>;
  notifier: Pick<Notifier, 'channels'>;
  timings: Pick<Timings, 'dispatch'>;
}

/** Notifications that are due, in MongoDB: they outlive every process, and a workflow's activities send them. */
export function createOutbox({ notifications, notifier, timings }: Dependencies) {
  /** What is still pending by then has perhaps lost its workflow. */
  const after = (time: Date) => new Date(time.getTime() + timings.dispatch.notificationGraceMs);
  const pendingOf = ({ orgId, subjectId, channelId }: Recipient) => ({
    org_id: orgId,
    subject_id: subjectId,
    status: 'pending' as const,
    channel_id: channelId,
  });
  /** What is settled stays as it is, also when a try that was taken for dead comes later. */
  const ifPending = ({ _id }: Pick<NotificationDoc, '_id'>) => ({ _id, status: 'pending' as const });

  return {
    /**
     * Makes one notification due for each channel that wants it. Repeated, it adds none but for a channel that was added
     * since, so it is called no more once what it tells of is marked as done.
     * @param about its `key` is the subject
     * @param place `seq` is its place among the subject's; `severity` is null for a budget event
     */
    async put(about: Occurrence, { seq, severity }: { seq: number; severity: Severity | null }): Promise<void> {
      const { orgId, key, moment } = about;
      const channels = await notifier.channels(orgId, { moment, severity });
      const payload = payloadOf(about);
      const now = new Date();
      const due = channels.map(({ id, type }) => ({
        _id: `${key}/${seq}/${id}`,
        org_id: orgId,
        subject_id: key,
        seq,
        channel_id: id,
        channel_type: type,
        moment,
        payload,
        status: 'pending' as const,
        tries: 0,
        last_error: null,
        next_try_at: null,
        ring_after: after(now),
        created_at: now,
        settled_at: null,
      }));
      await insertMissing(notifications, due);
    },

    /** The channels that something about this subject is pending for, each once. */
    async dueChannels(orgId: string, subjectId: string): Promise<ChannelDue[]> {
      const pending = await notifications
        .find({ org_id: orgId, subject_id: subjectId, status: 'pending' }, { channel_id: 1, channel_type: 1 })
        .lean();
      const types = new Map(pending.map(({ channel_id, channel_type }) => [channel_id, channel_type]));
      return [...types].map(([channelId, channelType]) => ({ channelId, channelType }));
    },

    /** The first in the order of `seq` that is pending, or null. */
    next: (recipient: Recipient): Promise<NotificationDoc | null> =>
      notifications.findOne(pendingOf(recipient)).sort({ seq: 1 }).lean<NotificationDoc | null>().exec(),

    /** @param error why, in our words */
    async settle(
      due: NotificationDoc,
      status: Exclude<NotificationStatus, 'pending'>,
      error: string | null = null,
    ): Promise<void> {
      const settled = { status, last_error: error, next_try_at: null, ring_after: null, settled_at: new Date() };
      await notifications.updateOne(ifPending(due), { $set: settled });
    },

    /** Notes a try that may heal, and when the next one is; what is behind it waits for it. */
    async postpone(due: NotificationDoc, note: { tries: number; error: string; nextTryAt: Date }): Promise<void> {
      const { tries, error, nextTryAt } = note;
      await notifications.updateOne(ifPending(due), { $set: { tries, last_error: error, next_try_at: nextTryAt } });
      const { org_id: orgId, subject_id: subjectId, channel_id: channelId } = due;
      await notifications.updateMany(pendingOf({ orgId, subjectId, channelId }), {
        $set: { ring_after: after(nextTryAt) },
      });
    },

    /** Lets all that is pending wait: a channel that asked for time gets it, whatever became of what it was asked. */
    async holdBack(recipient: Recipient, until: Date): Promise<void> {
      await notifications.updateMany(pendingOf(recipient), {
        $set: { next_try_at: until, ring_after: after(until) },
      });
    },

    /** The subjects with something pending that nobody seems to be at, the longest first. */
    async unattended(limit: number): Promise<Subject[]> {
      const found = await notifications
        .find({ ring_after: trusted({ $lte: new Date() }) }, { org_id: 1, subject_id: 1 })
        .sort({ ring_after: 1 })
        .limit(limit)
        .lean();
      const subjects = new Map(found.map(({ org_id, subject_id }) => [subject_id, org_id]));
      return [...subjects].map(([subjectId, orgId]) => ({ subjectId, orgId }));
    },

    /** Leases a subject's notifications to the workflow that is being woken. @returns false when another process has just done so */
    async lease({ orgId, subjectId }: Subject): Promise<boolean> {
      const now = new Date();
      const unattended = { org_id: orgId, subject_id: subjectId, status: 'pending' as const };
      const { modifiedCount } = await notifications.updateMany(
        { ...unattended, ring_after: trusted({ $lte: now }) },
        { $set: { ring_after: after(now) } },
      );
      return modifiedCount > 0;
    },
  };
}
