import { z } from 'zod';
import { pagingQuery } from '../http/paging.js';
import { instant, timestamp } from '../http/schema.js';
import { evidenceStatusSchema } from '../integrations/evidence-status.js';

const fields = {
  title: z.string().min(1).max(500),
  description: z.string().max(32_000),
  due_at: instant.nullable(),
  assignee: z.string().max(200).nullable(),
  control_refs: z.array(z.string().min(1).max(200)).max(200),
  status: evidenceStatusSchema,
};

export const createEvidenceRequestBody = z
  .strictObject({
    title: fields.title,
    description: fields.description.default(''),
    due_at: fields.due_at.default(null),
    assignee: fields.assignee.default(null),
    control_refs: fields.control_refs.default([]),
    status: fields.status.default('open'),
  })
  .meta({ id: 'EvidenceRequestCreate' });

export const updateEvidenceRequestBody = z.strictObject(fields).partial().meta({ id: 'EvidenceRequestUpdate' });

export const listEvidenceRequestsQuery = z.strictObject({ ...pagingQuery, status: evidenceStatusSchema.optional() });

export const evidenceRequestSchema = z
  .object({
    id: z.string(),
    org_id: z.string(),
    title: z.string(),
    description: z.string(),
    due_at: timestamp.nullable(),
    assignee: z.string().nullable(),
    control_refs: z.array(z.string()),
    status: evidenceStatusSchema,
    ticket: z.looseObject({ id: z.string() }).nullable().meta({ description: 'The link to its ticket.' }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'EvidenceRequest' });
