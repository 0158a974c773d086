import type { z } from 'zod';
import { etagOf } from '../../http/etag.js';
import { answer, defineRoute, type ResponseDoc, type Route, type RouteReply } from '../../http/route.js';
import type { Tag } from '../../http/openapi/tags.js';
import { orgParams } from '../../http/schema.js';
import type { Versioned } from './document.js';
import type { ReplacedBy } from './replace.js';

interface CallDoc {
  /** The operation's id. */
  id: string;
  summary: string;
  description: string;
  /** What the 200 holds. */
  answer: string;
}

interface SettingsRoutes<Content, Body extends z.ZodType, Shown extends z.ZodType> {
  /** What the audit log calls it: `escalation_routing`. */
  name: string;
  /** `/orgs/{org}/…` */
  path: string;
  tag: Tag;
  body: Body;
  bodyExample: z.input<Body>;
  /** What both calls answer with. */
  schema: Shown;
  example: z.input<Shown>;
  get: CallDoc & { handler: (orgId: string) => Promise<Versioned<Content>> };
  put: CallDoc & { handler: (orgId: string, body: z.output<Body>, by: ReplacedBy) => Promise<Versioned<Content>> };
  present: (content: Content) => unknown;
}

/** GET and PUT of a document that counts its versions, with ETag and If-Match. */
export function settingsRoutes<Content, Body extends z.ZodType, Shown extends z.ZodType>(
  settings: SettingsRoutes<Content, Body, Shown>,
): Route[] {
  const { name, path, tag, body, bodyExample, schema, example, get, put, present } = settings;
  const shown = (description: string): ResponseDoc => ({ ...answer(description, schema, example), headers: ['ETag'] });
  const reply = (document: Versioned<Content>): RouteReply => ({
    status: 200,
    body: present(document),
    headers: { ETag: etagOf(document.version) },
  });
  return [
    defineRoute({
      id: get.id,
      method: 'get',
      path,
      tag,
      summary: get.summary,
      description: `${get.description} The answer has an \`ETag\`.`,
      access: 'read',
      params: orgParams,
      responses: { 200: shown(get.answer) },
      errors: [],
      handler: async ({ params }) => reply(await get.handler(params.org)),
    }),
    defineRoute({
      id: put.id,
      method: 'put',
      path,
      audit: { action: `${name}.replaced`, subject: path },
      tag,
      summary: put.summary,
      description: `${put.description} Send the \`ETag\` that you read as \`If-Match\`: then nobody’s change is lost.`,
      access: 'configure',
      params: orgParams,
      body,
      bodyExample,
      responses: { 200: shown(put.answer) },
      errors: ['precondition_failed', 'concurrent_changes'],
      handler: async ({ params, body: replacement, caller, header }) =>
        reply(await put.handler(params.org, replacement, { caller, ifMatch: header('If-Match') })),
    }),
  ];
}
