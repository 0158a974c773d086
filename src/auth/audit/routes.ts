import { Readable } from 'node:stream';
import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { pageOf, pagingQuery } from '../../http/paging.js';
import { answer, defineRoute, textAnswer, type Route, type RouteReply } from '../../http/route.js';
import { actorSchema, instant, orgParams, timestamp } from '../../http/schema.js';
import { csvHeader, csvLine } from './csv.js';
import type { AuditLog } from './log.js';
import { auditOutcomes, systemLog } from './model.js';
import { presentEntry, type PresentedEntry } from './presenter.js';

const nullable = (description: string) => z.string().nullable().meta({ description });

const auditEntrySchema = z
  .object({
    id: z.string().meta({ description: 'The id of the entry.' }),
    seq: z.number().int().nullable().meta({ description: 'The place in the org’s chain, from 1.' }),
    at: timestamp.meta({ description: 'When it happened.' }),
    org_id: z.string().meta({ description: 'The id of the org; `_system` for what belongs to none.' }),
    actor: actorSchema,
    source: z
      .object({
        kind: z.string().meta({ description: '`api`, `console`, `command` or `system`.' }),
        address: nullable('The address of the caller.'),
        request_id: nullable('The `X-Request-Id` of the call.'),
        session: nullable('The first characters of the console session’s id.'),
      })
      .meta({ id: 'AuditSource', description: 'Where a change came from.' })
      .nullable()
      .meta({ description: 'Where it came from; null in entries of older versions.' }),
    action: z.string().meta({ description: 'What was done, as object and verb.', examples: ['api_key.created'] }),
    outcome: z.enum(auditOutcomes).meta({
      description:
        '`failed`: answered with a status from 500 on. `interrupted`: the process ended before it could complete the entry, and `changed` has the fields that were sent as well. `refused`: a sign-in or a key.',
    }),
    subject: z
      .object({
        type: z.string().meta({ description: 'What kind of object it is.', examples: ['api_key'] }),
        id: z.string().meta({ description: 'The id of the object.' }),
        name: nullable('Its name at that time; null when it has none.'),
      })
      .meta({ id: 'AuditSubject', description: 'What was changed.' }),
    changed: z.array(z.string()).meta({ description: 'The names of the fields that changed.' }),
    changes: z
      .record(
        z.string(),
        z
          .object({
            before: z.unknown().meta({ description: 'The value before.' }),
            after: z.unknown().meta({ description: 'The value after.' }),
          })
          .meta({ id: 'AuditFieldChange', description: 'A field before and after a change.' }),
      )
      .meta({ description: 'The values before and after, without secrets. Long ones are cut.' }),
    prev_hash: nullable('The `hash` of the entry before; 64 zeros in the first one.'),
    hash: nullable('SHA-256, in hex, of the canonical JSON (RFC 8785) of this entry without `hash`.'),
  })
  .meta({ id: 'AuditEntry', description: 'One change, sign-in, or use of an ended key.' });

const auditListSchema = pageOf(auditEntrySchema, 'AuditEntryList');

const chainSchema = z
  .object({
    ok: z.boolean().meta({ description: 'Whether there is no fault.' }),
    checked: z.number().int().meta({ description: 'How many places were checked.' }),
    faults: z
      .array(
        z
          .object({
            seq: z.number().int().meta({ description: 'The place.' }),
            id: nullable('The id of the entry there; null when there is none.'),
            problem: z.enum(['hash_mismatch', 'broken_link', 'missing', 'anchor_mismatch']).meta({
              description: 'The entry was changed, doesn’t follow the one before, is missing, or isn’t the anchor.',
            }),
          })
          .meta({ id: 'AuditChainFault', description: 'A place that isn’t as it was written.' }),
      )
      .meta({ description: 'What is not as it was written, at most 100.' }),
    head: z
      .object({
        seq: z.number().int().meta({ description: 'The last place.' }),
        hash: z.string().meta({ description: 'The hash of the entry there.' }),
      })
      .meta({ id: 'AuditChainHead', description: 'The end of the chain.' }),
    next_seq: z.number().int().nullable().meta({ description: 'Where to go on; null at the end of the chain.' }),
  })
  .meta({ id: 'AuditChain', description: 'What a check of the hash chain found.' });

const hashExample = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';
const auditExample: z.input<typeof auditEntrySchema> = {
  id: example.auditEntry,
  seq: 1,
  at: example.at,
  org_id: example.org,
  actor: { id: 'admin', name: 'Administrator', via: 'admin' },
  source: { kind: 'api', address: '203.0.113.7', request_id: '3f1c9a52-7d0e-4b1f-9a57-2f6f0f5d8a11', session: null },
  action: 'api_key.created',
  outcome: 'succeeded',
  subject: { type: 'api_key', id: example.apiKey, name: 'Review console' },
  changed: ['name', 'permissions'],
  changes: {},
  prev_hash: '0'.repeat(64),
  hash: hashExample,
};

const text = (description: string) => z.string().min(1).max(200).optional().meta({ description });
const filters = {
  action: text('`webhook.updated`; or a type with a dot, `webhook.`, for all of its actions.'),
  actor: text('The id of the actor.'),
  key: text('The id of the API key, or `admin`.'),
  subject: text('The id of the subject.'),
  outcome: z.enum(auditOutcomes).optional().meta({ description: 'How it ended.' }),
  request_id: text('The `X-Request-Id` of the call.'),
  since: instant.optional().meta({ description: 'Entries from this time on.' }),
  until: instant.optional().meta({ description: 'Entries before this time.' }),
};

const seq = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);
const verifyQuery = z.strictObject({
  from_seq: seq
    .refine((value) => value >= 1, 'must be at least 1')
    .default(1)
    .meta({ description: 'The first place to check.' }),
  anchor_seq: seq.optional().meta({ description: 'A place of the chain whose hash was noted elsewhere.' }),
  anchor_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex')
    .optional()
    .meta({ description: 'That hash. An entry there with another hash is a fault.' }),
});

const exportQuery = z.strictObject({
  ...filters,
  format: z.enum(['jsonl', 'csv']).default('jsonl').meta({ description: 'The format of the file.' }),
});

/** The logs of the orgs, and the one of what belongs to none. */
export const auditRoutes = ({ log }: { log: AuditLog }): Route[] => [
  ...routesOf(log, { path: '/orgs/{org}/audit', access: 'configure', name: 'Audit', of: 'the org' }),
  ...routesOf(log, { path: '/audit', access: 'admin', name: 'SystemAudit', of: 'what belongs to no org' }),
];

function routesOf(
  log: AuditLog,
  { path, access, name, of }: { path: string; access: Route['access']; name: string; of: string },
): Route[] {
  const isOfOrg = path.includes('{org}');
  const common = { tag: 'Audit' as const, access, ...(isOfOrg && { params: orgParams }) };
  const orgOf = (params: unknown) => (isOfOrg ? orgParams.parse(params).org : systemLog);
  return [
    defineRoute({
      ...common,
      id: `list${name}Entries`,
      method: 'get',
      path,
      summary: `List the audit entries of ${of}`,
      description: 'Who changed what, from where, and what it was before and after. The newest entry comes first.',
      query: z.strictObject({ ...filters, ...pagingQuery }),
      responses: { 200: answer('A page of entries.', auditListSchema, { data: [auditExample], next_cursor: null }) },
      errors: [],
      handler: async ({ params, query: { limit, cursor, ...filter } }) => {
        const found = await log.list(orgOf(params), filter, { limit, cursor });
        return { status: 200, body: { ...found, data: found.data.map(presentEntry) } };
      },
    }),
    defineRoute({
      ...common,
      id: `export${name}Entries`,
      method: 'get',
      path: `${path}/export`,
      summary: `Export the audit entries of ${of}`,
      description:
        'JSON lines, of entries as the list shows them, or CSV. Without filters it is the whole chain, in its order. In CSV, text that a spreadsheet would take for a formula has an apostrophe before it.',
      query: exportQuery,
      responses: {
        200: textAnswer(
          'A file: JSON lines as `text/plain`, which generated clients can read, or `text/csv`.',
          'text/plain',
          `${JSON.stringify(auditExample)}\n`,
        ),
      },
      errors: [],
      handler: ({ params, query: { format, ...filter } }) =>
        Promise.resolve(file(log.export(orgOf(params), filter), format)),
    }),
    defineRoute({
      ...common,
      id: `verify${name}Chain`,
      method: 'get',
      path: `${path}/verify`,
      summary: `Verify the audit chain of ${of}`,
      description:
        'Checks up to 5,000 entries a call. A chain shows entries that were changed, removed or put in between. For entries that were removed at its end, note `head` elsewhere from time to time, and hand it back as `anchor_seq` and `anchor_hash`.',
      query: verifyQuery,
      responses: {
        200: answer('What was found.', chainSchema, {
          ok: true,
          checked: 1,
          faults: [],
          head: { seq: 1, hash: hashExample },
          next_seq: null,
        }),
      },
      errors: [],
      handler: async ({ params, query: { from_seq, anchor_seq, anchor_hash } }) => {
        const anchor = anchor_seq && anchor_hash ? { seq: anchor_seq, hash: anchor_hash } : null;
        const { checked, faults, head, next } = await log.verify(orgOf(params), from_seq, anchor);
        return { status: 200, body: { ok: faults.length === 0, checked, faults, head, next_seq: next } };
      },
    }),
  ];
}

function file(entries: AsyncIterable<PresentedEntry>, format: 'jsonl' | 'csv'): RouteReply {
  const isCsv = format === 'csv';
  async function* lines() {
    if (isCsv) yield csvHeader;
    for await (const entry of entries) yield isCsv ? csvLine(entry) : `${JSON.stringify(entry)}\n`;
  }
  return {
    status: 200,
    body: Readable.from(lines()),
    contentType: isCsv ? 'text/csv; charset=utf-8; header=present' : 'text/plain; charset=utf-8',
    headers: { 'Content-Disposition': `attachment; filename="audit.${format}"`, 'Cache-Control': 'no-store' },
  };
}
