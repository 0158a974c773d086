import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { createdAt, timestamp, updatedAt, workflowSchema } from '../../http/schema.js';
import { providerNames } from '../../integrations/port.js';
import { subjectTypes } from '../subject.js';

const subjectSchema = z
  .strictObject({
    type: z.enum(subjectTypes).meta({ description: 'What kind of object the ticket is about.' }),
    id: z.string().meta({ description: 'The id of that object.' }),
  })
  .meta({ id: 'TicketSubject', description: 'What a ticket is about.' });

export const linkSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the link.' }),
    subject: subjectSchema,
    provider: z.enum(providerNames).meta({ description: 'The kind of tracker.' }),
    connection_id: z
      .string()
      .nullable()
      .meta({ description: 'The connection that it goes through; null: the tracker of the deployment.' }),
    external_id: z
      .string()
      .nullable()
      .meta({ description: 'What people call the ticket, such as `SEC-1` or `INC0010001`; null until it exists.' }),
    external_url: z
      .string()
      .nullable()
      .meta({ description: 'The page of the ticket in the tracker, where it is known.' }),
    state: z.enum(['open', 'closed']).meta({ description: 'What the ticket is meant to be.' }),
    external_status: z
      .string()
      .nullable()
      .meta({ description: 'The status of the ticket in the words of the tracker, as last heard.' }),
    sync_state: z
      .enum(['synced', 'pending', 'error'])
      .meta({ description: 'Whether the tracker has it: `error` means that it refused for good.' }),
    last_error: z.string().nullable().meta({ description: 'Why the last try failed, in the words of the tracker.' }),
    tracker_unreachable_since: timestamp.nullable().meta({
      description:
        'Since when the tracker has not answered; null while it does. What is due is sent as soon as it answers again.',
    }),
    workflow: workflowSchema,
    created_at: createdAt,
    updated_at: updatedAt,
    closed_at: timestamp.nullable().meta({ description: 'When closing was asked for; null while it is open.' }),
    last_synced_at: timestamp.nullable().meta({ description: 'When the tracker last confirmed a change.' }),
  })
  .meta({ id: 'TicketLink', description: 'The link between an object and its ticket in a tracker.' });

export type Link = z.infer<typeof linkSchema>;

export const linkExample: Link = {
  id: example.ticket,
  subject: { type: 'evidence_request', id: example.evidenceRequest },
  provider: 'jira',
  connection_id: example.connection,
  external_id: 'SEC-1',
  external_url: 'https://acme.atlassian.net/browse/SEC-1',
  state: 'open',
  external_status: 'To Do',
  sync_state: 'synced',
  last_error: null,
  tracker_unreachable_since: null,
  workflow: {
    id: `ticket/${example.org}/${example.ticket}`,
    url: `${example.temporalUi}/ticket%2F${example.org}%2F${example.ticket}`,
  },
  created_at: example.at,
  updated_at: example.at,
  closed_at: null,
  last_synced_at: example.at,
};
