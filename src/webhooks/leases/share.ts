import { partitions } from '../endpoints/partition.js';

/** The partitions of one pump of several: each partition is in exactly one share. */
export const partitionsOf = (pump: number, pumps: number): number[] =>
  Array.from({ length: partitions }, (_, partition) => partition).filter((partition) => partition % pumps === pump);

/** How many pumps a process may have, so that each of the live ones can have some. */
export const fairShare = (pumps: number, liveWorkers: number): number => Math.ceil(pumps / Math.max(liveWorkers, 1));
