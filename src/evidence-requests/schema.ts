import { z } from 'zod';
import { example } from '../http/example-values.js';
import { pageOf, pagingQuery } from '../http/paging.js';
import { createdAt, instant, orgIdField, timestamp, updatedAt } from '../http/schema.js';
import { evidenceStatusSchema } from '../integrations/evidence-status.js';
import { linkExample, linkSchema } from '../tickets/links/schema.js';

const fields = {
  title: z
    .string()
    .min(1)
    .max(500)
    .meta({ description: 'What is asked for, in one line. The ticket has the same title.' }),
  description: z.string().max(32_000).meta({ description: 'What is asked for, in Markdown.' }),
  due_at: instant.nullable().meta({ description: 'When the evidence is due; null: no date.' }),
  assignee: z.string().max(200).nullable().meta({ description: 'Who is to provide it, as free text.' }),
  control_refs: z
    .array(z.string().min(1).max(200))
    .max(200)
    .meta({ description: 'The controls that the evidence is for, such as `SOC2-CC6.1`.' }),
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
  .meta({ id: 'EvidenceRequestCreate', description: 'A new evidence request.' });

export const updateEvidenceRequestBody = z
  .strictObject(fields)
  .partial()
  .meta({ id: 'EvidenceRequestUpdate', description: 'What changes of an evidence request.' });

export const listEvidenceRequestsQuery = z.strictObject({
  ...pagingQuery,
  status: evidenceStatusSchema.optional().meta({ description: 'Only those with this status.' }),
});

export const evidenceRequestSchema = z
  .object({
    id: z.string().meta({ description: 'The id of the evidence request.' }),
    org_id: orgIdField,
    title: z.string().meta({ description: 'What is asked for, in one line.' }),
    description: z.string().meta({ description: 'What is asked for, in Markdown.' }),
    due_at: timestamp.nullable().meta({ description: 'When the evidence is due; null: no date.' }),
    assignee: z.string().nullable().meta({ description: 'Who is to provide it, as free text.' }),
    control_refs: z.array(z.string()).meta({ description: 'The controls that the evidence is for.' }),
    status: evidenceStatusSchema,
    ticket: linkSchema.nullable().meta({ description: 'The link to its ticket; null when it has none.' }),
    created_at: createdAt,
    updated_at: updatedAt,
  })
  .meta({ id: 'EvidenceRequest', description: 'A request for evidence of a control.' });

export const evidenceRequestListSchema = pageOf(evidenceRequestSchema, 'EvidenceRequestList');

export const evidenceRequestExample: z.input<typeof evidenceRequestSchema> = {
  id: example.evidenceRequest,
  org_id: example.org,
  title: 'Access review for Q1',
  description: 'Export the list of administrators and attach the approvals.',
  due_at: '2026-02-01T00:00:00.000Z',
  assignee: 'IT operations',
  control_refs: ['SOC2-CC6.1'],
  status: 'open',
  ticket: linkExample,
  created_at: example.at,
  updated_at: example.at,
};
