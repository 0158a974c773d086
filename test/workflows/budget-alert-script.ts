import { ApplicationFailure } from '@temporalio/common';
import { scriptedTries, type Try } from './scripted-tries.js';
import type { ChannelDue, Recipient, NotifyResult } from '../../workflows/contracts/notifications.js';

/** One try of the activity, which a test answers. */
export type NotifyTry = Try<NotifyResult>;

/** The notification activities as a script, by subject and channel. */
export function scriptedNotifications() {
  const dueOf = new Map<string, ChannelDue[]>();
  const tries = scriptedTries<NotifyResult>({ sent: 1, failed: 0, gone: 0 }, 'ChannelUnavailable');
  const keyOf = (subjectId: string, channelId: string) => `${subjectId}/${channelId}`;

  return {
    activities: {
      notifyChannel: ({ subjectId, channelId }: Recipient) => tries.run(keyOf(subjectId, channelId)),
      prepareNotice: ({ eventId }: { eventId: string }): Promise<ChannelDue[]> => {
        const due = dueOf.get(eventId);
        if (due) return Promise.resolve(due);
        return Promise.reject(ApplicationFailure.nonRetryable('There is no such budget event.', 'EventNotFound'));
      },
    },
    /** What the outbox has for this event, from now on. */
    setDue: (eventId: string, due: ChannelDue[]) => void dueOf.set(eventId, due),
    /** The next try for this channel, when it comes. */
    next: (subjectId: string, channelId: string): Promise<NotifyTry> => tries.next(keyOf(subjectId, channelId)),
    /** How many tries of this channel nobody has taken. */
    untaken: (subjectId: string, channelId: string) => tries.untaken(keyOf(subjectId, channelId)),
    endAll: tries.endAll,
  };
}
