/** `lifecycles` runs workflow code; `providers` runs what calls trackers, and `pumps` what delivers webhooks: each scales by itself. */
export interface TaskQueues {
  lifecycles: string;
  providers: string;
  pumps: string;
}

/** The queue of what calls trackers, as a workflow finds it from its own. */
export const providersQueueOf = (lifecycles: string) => lifecycles.replace(/^lifecycles/, 'providers');

/** The queue of the delivery pumps, in the same way. */
export const pumpsQueueOf = (lifecycles: string) => lifecycles.replace(/^lifecycles/, 'pumps');

/** @param suffix tells deployments apart that share a namespace; empty for most */
export const taskQueues = (suffix: string): TaskQueues => ({
  lifecycles: `lifecycles${suffix}`,
  providers: `providers${suffix}`,
  pumps: `pumps${suffix}`,
});
