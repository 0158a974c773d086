import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';

/** A name that nothing else has, for a database or for task queues. It begins with the run's prefix: the end of a run removes what is left. */
export const uniqueName = (): string => `${inject('runPrefix')}${randomBytes(5).toString('hex')}`;
