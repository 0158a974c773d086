import { defineSignal, defineUpdate } from '@temporalio/workflow';

/** «Look»: there is something in MongoDB. It carries no command; losing one loses nothing. */
export interface Ring {
  /** End a retry's wait: what it waits for is no longer wanted. */
  interrupt?: boolean;
}

/** A caller waits for the command with this `seq`, for at most `waitMs`: after that nobody listens any more. */
export interface Sync {
  seq: number;
  waitMs: number;
}

/** What a waiting caller learns; what came of its command stands in MongoDB. */
export interface Synced {
  appliedSeq: number;
  held: boolean;
}

export const ringSignal = defineSignal<[Ring?]>('ring');

/** Rings, and answers when the command is settled or held. Never throws. */
export const syncUpdate = defineUpdate<Synced, [Sync]>('sync');
