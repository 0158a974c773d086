import type { TrackerStatus } from '../tracker-side.js';

/** Incident's states, as instances come with them. */
const labels = new Map([
  ['1', 'New'],
  ['2', 'In Progress'],
  ['3', 'On Hold'],
  ['6', 'Resolved'],
  ['7', 'Closed'],
  ['8', 'Canceled'],
]);

export const resolved = '6';
export const closed = '7';

/** Resolved, Closed and Canceled. */
export const isDone = (state: string): boolean => ['6', '7', '8'].includes(state);

/** For people; a state that an instance added is its value. */
export const labelOf = (state: string): string => labels.get(state) ?? state;

export const statusOf = (state: string): TrackerStatus => ({ id: state, name: labelOf(state), isDone: isDone(state) });
