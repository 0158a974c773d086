import { proxyActivities } from '@temporalio/workflow';
import type { BareActivities } from './activities.js';

/** The least that Temporal can be asked for: one workflow, one activity that does nothing. */
export async function bare(activityQueue: string): Promise<void> {
  const { nothing } = proxyActivities<BareActivities>({ startToCloseTimeout: '1 minute', taskQueue: activityQueue });
  await nothing();
}
