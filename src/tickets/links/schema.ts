import { z } from 'zod';
import { timestamp } from '../../http/schema.js';
import { providerNames } from '../../integrations/port.js';
import { subjectTypes } from '../subject.js';

export const linkSchema = z
  .strictObject({
    id: z.string(),
    subject: z.strictObject({ type: z.enum(subjectTypes), id: z.string() }),
    provider: z.enum(providerNames),
    connection_id: z.string().nullable(),
    external_id: z.string().nullable().describe('What people call the ticket: `SEC-1`, `INC0010001`.'),
    external_url: z.string().nullable(),
    state: z.enum(['open', 'closed']).describe('What we want.'),
    external_status: z.string().nullable(),
    sync_state: z.enum(['synced', 'pending', 'error']).describe('Whether the tracker has it.'),
    last_error: z.string().nullable().describe("In the tracker's words."),
    workflow: z.strictObject({ id: z.string(), url: z.string().nullable() }),
    created_at: timestamp,
    updated_at: timestamp,
    closed_at: timestamp.nullable(),
    last_synced_at: timestamp.nullable(),
  })
  .meta({ id: 'TicketLink' });

export type Link = z.infer<typeof linkSchema>;
