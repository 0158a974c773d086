import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { pageOf, pagingQuery } from '../../http/paging.js';
import { answer, defineRoute, type Route } from '../../http/route.js';
import { actorSchema, orgParams, timestamp } from '../../http/schema.js';
import type { Audit } from './audit.js';
import type { AuditEntryDoc } from './model.js';

const auditSubjectSchema = z
  .object({
    type: z.string().meta({ description: 'What kind of object it is.', examples: ['api_key'] }),
    id: z.string().meta({ description: 'The id of the object.' }),
    name: z.string().nullable().meta({ description: 'Its name at that time; null when it has none.' }),
  })
  .meta({ id: 'AuditSubject', description: 'What was changed.' });

const auditEntrySchema = z
  .object({
    id: z.string().meta({ description: 'The id of the entry.' }),
    at: timestamp.meta({ description: 'When it happened.' }),
    actor: actorSchema,
    action: z.string().meta({ description: 'What was done, as object and verb.', examples: ['api_key.created'] }),
    subject: auditSubjectSchema,
    changed: z.array(z.string()).meta({ description: 'The names of the fields that changed, never their values.' }),
  })
  .meta({ id: 'AuditEntry', description: 'One change of keys, secrets, connections, routing or policies.' });

const auditListSchema = pageOf(auditEntrySchema, 'AuditEntryList');

const auditExample: z.input<typeof auditEntrySchema> = {
  id: example.auditEntry,
  at: example.at,
  actor: { id: 'admin', name: 'Administrator', via: 'admin' },
  action: 'api_key.created',
  subject: { type: 'api_key', id: example.apiKey, name: 'Review console' },
  changed: [],
};

export function auditRoute({ audit }: { audit: Audit }): Route {
  return defineRoute({
    id: 'listAuditEntries',
    method: 'get',
    path: '/orgs/{org}/audit',
    tag: 'Orgs',
    summary: 'List the audit entries',
    description: 'Who changed keys, secrets, connections, routing and policies. The newest entry comes first.',
    access: 'configure',
    params: orgParams,
    query: z.strictObject({ ...pagingQuery }),
    responses: { 200: answer('A page of entries.', auditListSchema, { data: [auditExample], next_cursor: null }) },
    errors: [],
    handler: async ({ params, query }) => {
      const found = await audit.list(params.org, query);
      return { status: 200, body: { ...found, data: found.data.map(presentEntry) } };
    },
  });
}

function presentEntry({ _id, at, actor, action, subject, changed }: AuditEntryDoc) {
  return {
    id: _id,
    at: at.toISOString(),
    actor: { id: actor.id, name: actor.name, via: actor.via },
    action,
    subject: { type: subject.type, id: subject.id, name: subject.name },
    changed,
  };
}
