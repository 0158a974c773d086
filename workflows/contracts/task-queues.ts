/**
 * `lifecycles` runs workflow code. `providers` calls trackers for tickets, and probes endpoints. `urgent` runs escalations,
 * notifications and polls. `pumps` delivers webhooks. Each scales on its own, and what hangs on one takes no slot of another.
 */
export interface TaskQueues {
  lifecycles: string;
  providers: string;
  urgent: string;
  pumps: string;
}

/** Derives the queue of tracker activities from the workflow's own queue. */
export const providersQueueOf = (lifecycles: string) => lifecycles.replace(/^lifecycles/, 'providers');

/** Derives the queue of escalations, notifications and polls. Older releases scheduled their activities on `providers`. */
export const urgentQueueOf = (lifecycles: string) => lifecycles.replace(/^lifecycles/, 'urgent');

/** Derives the queue of the delivery pumps from the workflow's own queue. */
export const pumpsQueueOf = (lifecycles: string) => lifecycles.replace(/^lifecycles/, 'pumps');

/** @param suffix tells deployments apart that share a namespace; empty for most */
export const taskQueues = (suffix: string): TaskQueues => ({
  lifecycles: `lifecycles${suffix}`,
  providers: `providers${suffix}`,
  urgent: `urgent${suffix}`,
  pumps: `pumps${suffix}`,
});
