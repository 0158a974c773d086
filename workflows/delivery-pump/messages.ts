import { defineSignal } from '@temporalio/workflow';
import type { Held } from '../../activities/pump/index.js';

/** A worker says that it has the pump now. */
export const heldSignal = defineSignal<[Held]>('held');
