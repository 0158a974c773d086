/**
 * `lifecycles` runs workflow code, `providers` calls trackers, and `pumps` delivers webhooks. Each scales on its own.
 */
export interface TaskQueues {
  lifecycles: string;
  providers: string;
  pumps: string;
}

/** Derives the queue of tracker activities from the workflow's own queue. */
export const providersQueueOf = (lifecycles: string) => lifecycles.replace(/^lifecycles/, 'providers');

/** Derives the queue of the delivery pumps from the workflow's own queue. */
export const pumpsQueueOf = (lifecycles: string) => lifecycles.replace(/^lifecycles/, 'pumps');

/** @param suffix tells deployments apart that share a namespace; empty for most */
export const taskQueues = (suffix: string): TaskQueues => ({
  lifecycles: `lifecycles${suffix}`,
  providers: `providers${suffix}`,
  pumps: `pumps${suffix}`,
});
