import { z } from 'zod';

/** The states of an evidence request; any may follow any. */
export const evidenceStatuses = ['open', 'in_progress', 'submitted', 'accepted', 'rejected', 'closed'] as const;

export const evidenceStatusSchema = z
  .enum(evidenceStatuses)
  .meta({ id: 'EvidenceRequestStatus', description: 'The status of an evidence request. Any status may follow any.' });
export type EvidenceStatus = (typeof evidenceStatuses)[number];
