import { z } from 'zod';
import { pageOf, pagingQuery } from '../../http/paging.js';
import { defineRoute, type Route } from '../../http/route.js';
import { orgParams, timestamp } from '../../http/schema.js';
import type { Audit } from './audit.js';
import type { AuditEntryDoc } from './model.js';

const auditEntrySchema = z
  .object({
    id: z.string(),
    at: timestamp,
    actor: z.object({ id: z.string(), name: z.string(), via: z.string() }),
    action: z.string().meta({ example: 'api_key.created' }),
    subject: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }),
    changed: z.array(z.string()).meta({ description: 'The names of the fields that changed.' }),
  })
  .meta({ id: 'AuditEntry' });

export function auditRoute({ audit }: { audit: Audit }): Route {
  return defineRoute({
    method: 'get',
    path: '/orgs/{org}/audit',
    tag: 'Orgs',
    summary: 'Who changed keys, secrets, connections, routing and policies, newest first',
    access: 'configure',
    params: orgParams,
    query: z.strictObject({ ...pagingQuery }),
    responses: { 200: { description: 'A page of entries.', schema: pageOf(auditEntrySchema) } },
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
