/** `lifecycles` runs workflow code; `providers` runs what calls trackers, and scales by itself. */
export interface TaskQueues {
  lifecycles: string;
  providers: string;
}

/** The queue of what calls trackers, as a workflow finds it from its own. */
export const providersQueueOf = (lifecycles: string) => lifecycles.replace(/^lifecycles/, 'providers');

/** @param suffix tells deployments apart that share a namespace; empty for most */
export const taskQueues = (suffix: string): TaskQueues => ({
  lifecycles: `lifecycles${suffix}`,
  providers: `providers${suffix}`,
});
