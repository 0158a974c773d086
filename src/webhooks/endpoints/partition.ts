import { createHash } from 'node:crypto';

/** What the pumps share among themselves. Stored with endpoints and deliveries: it cannot change. */
export const partitions = 64;

/** An endpoint's partition: always the same, and all of them alike. @returns 0 to 63 */
export const partitionOf = (endpointId: string): number =>
  createHash('sha256').update(endpointId).digest().readUInt32BE(0) % partitions;
