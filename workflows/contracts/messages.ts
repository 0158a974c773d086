import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Held } from './delivery-pump.js';

/** «Look»: there is something in MongoDB. It carries no command; losing one loses nothing. */
export interface Wake {
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

export const wakeSignal = defineSignal<[Wake?]>('ring');

/** Rings, and answers when the command is settled or held. Never throws. */
export const syncUpdate = defineUpdate<Synced, [Sync]>('sync');

/** A worker reports that it runs the pump now. */
export const heldSignal = defineSignal<[Held]>('held');
