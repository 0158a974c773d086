import type { z } from 'zod';
import { etagOf } from '../../http/etag.js';
import { defineRoute, type Route, type RouteReply } from '../../http/route.js';
import { orgParams } from '../../http/schema.js';
import type { Versioned } from './document.js';
import type { ReplacedBy } from './replace.js';

interface CallDoc {
  summary: string;
  description: string;
  /** What the 200 holds. */
  answer: string;
}

interface SettingsRoutes<Content, Body extends z.ZodType> {
  /** `/orgs/{org}/…` */
  path: string;
  tag: string;
  body: Body;
  /** What both calls answer with. */
  schema: z.ZodType;
  get: CallDoc & { handler: (orgId: string) => Promise<Versioned<Content>> };
  put: CallDoc & { handler: (orgId: string, body: z.output<Body>, by: ReplacedBy) => Promise<Versioned<Content>> };
  present: (content: Content) => unknown;
}

/** GET and PUT of a document that counts its versions, with ETag and If-Match. */
export function settingsRoutes<Content, Body extends z.ZodType>(settings: SettingsRoutes<Content, Body>): Route[] {
  const { path, tag, body, schema, get, put, present } = settings;
  const reply = (document: Versioned<Content>): RouteReply => ({
    status: 200,
    body: present(document),
    headers: { ETag: etagOf(document.version) },
  });
  return [
    defineRoute({
      method: 'get',
      path,
      tag,
      summary: get.summary,
      description: `With an \`ETag\`. ${get.description}`,
      access: 'read',
      params: orgParams,
      responses: { 200: { description: get.answer, schema } },
      handler: async ({ params }) => reply(await get.handler(params.org)),
    }),
    defineRoute({
      method: 'put',
      path,
      tag,
      summary: put.summary,
      description: `${put.description} \`If-Match\` is honoured: 412 \`precondition_failed\` when the document has changed since.`,
      access: 'configure',
      params: orgParams,
      body,
      responses: { 200: { description: put.answer, schema } },
      handler: async ({ params, body: replacement, caller, header }) =>
        reply(await put.handler(params.org, replacement, { caller, ifMatch: header('If-Match') })),
    }),
  ];
}
