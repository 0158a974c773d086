import type { Notification } from '../../notification.js';

/** A notification as it is kept: JSON, in which `$` and dots are only text. */
export const payloadOf = (notification: Notification): string => JSON.stringify(notification);

/** The notification that was kept, with its own time: receivers know a repeated send by it. */
export function notificationOf(payload: string): Notification {
  const kept = JSON.parse(payload) as Omit<Notification, 'occurredAt'> & { occurredAt: string };
  return { ...kept, occurredAt: new Date(kept.occurredAt) };
}
