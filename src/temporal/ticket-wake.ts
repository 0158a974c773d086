import type { ProviderName } from '../integrations/port.js';
import type { Severity } from '../lib/severity.js';
import type { SubjectRef } from '../tickets/subject.js';

/** What is needed to start a link's workflow, or to find the one that runs. */
export interface RingTarget {
  _id: string;
  org_id: string;
  subject: SubjectRef;
  provider: ProviderName;
  draft: { severity: Severity | null };
}

/** The way to a ticket's workflow. It carries no command, only «look»: commands are in MongoDB. Nothing here throws. */
export interface Doorbell {
  /**
   * Rings, and waits until the command `seq` is settled, or it is held, or the time is up, or nobody is there to settle it.
   * What came of it stands in MongoDB.
   * @param isSettled asks MongoDB, which often knows before the workflow answers
   */
  wait(link: RingTarget, seq: number, isSettled: () => Promise<boolean>): Promise<void>;
  /** Rings without waiting. `interrupt` ends a retry's wait: what it waits for is no longer wanted. */
  ring(link: RingTarget, options?: { interrupt?: boolean }): void;
}
