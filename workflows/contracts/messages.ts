import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Held } from './delivery-pump.js';

/** Wakes a workflow: something is due in MongoDB. It carries no command, so a lost wake-up loses nothing. */
export interface Wake {
  /** Ends the wait before a retry that is no longer wanted. */
  interrupt?: boolean;
}

/** A caller waits at most `waitMs` for the command with this `seq`. */
export interface Sync {
  seq: number;
  waitMs: number;
}

/** The answer to a waiting caller. The outcome of its command is in MongoDB. */
export interface Synced {
  appliedSeq: number;
  held: boolean;
}

/** Its name in histories and for `temporal workflow signal` is `ring`, from before this was called a wake-up. */
export const wakeSignal = defineSignal<[Wake?]>('ring');

/** Wakes the workflow, and answers when the command is settled or held. Never throws. */
export const syncUpdate = defineUpdate<Synced, [Sync]>('sync');

/** A drain reports since when the tracker hasn't answered. */
export interface Unreachable {
  /** Milliseconds since 1970. */
  since: number;
}
export const unreachableSignal = defineSignal<[Unreachable]>('unreachable');

/** A worker reports that it runs the pump now. */
export const heldSignal = defineSignal<[Held]>('held');
