import { condition, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import { createChannelDrains } from '../../workflows/notifications/channels.js';
import type { ChannelDue } from '../../workflows/contracts/notifications.js';

export const nameSignal = defineSignal<[ChannelDue[]]>('name');
export const endSignal = defineSignal('end');
export const runningQuery = defineQuery<number>('running');

/** As a longer workflow that names channels again and again, and calls all of them back before a new run. */
export async function manyNames({ orgId, subjectId }: { orgId: string; subjectId: string }): Promise<number> {
  const channels = createChannelDrains({ orgId, subjectId });
  const state = { isOver: false };
  setHandler(nameSignal, (due) => channels.start(due));
  setHandler(endSignal, () => void (state.isOver = true));
  setHandler(runningQuery, () => channels.running());
  await condition(() => state.isOver);
  await channels.cancelAll();
  channels.start([{ channelId: 'chn_late', channelType: 'slack' }]);
  return channels.running();
}
