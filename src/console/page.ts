import type { VNode } from 'preact';
import type { AuditRule } from '../http/audit.js';
import type { Permission } from '../http/caller.js';
import type { PostedForm } from './forms/form.js';
import type { Flash, Session } from './session/sessions.js';

/** What a page's handler gets: the session is signed in, has an org, and has the page's permission. */
export interface PageRequest {
  session: Session;
  /** The id of the session's org. */
  org: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Empty for a GET. */
  form: PostedForm;
  /** Whether the session's key has a permission. Pages don't offer what it lacks. */
  can: (permission: Permission) => boolean;
  /** The id of htmx's target element when it asks for a part of the page; null for a whole page. */
  part: string | null;
}

export type PageReply =
  /** `title` is the document's title. */
  | { kind: 'page'; title: string; body: VNode; status?: number; wide?: boolean }
  /** A part of a page, for htmx. */
  | { kind: 'part'; body: VNode; status?: number }
  /** After a POST, so that a reload doesn't repeat it. `flash` is shown once, on the page it leads to. */
  | { kind: 'redirect'; to: string; flash?: Flash | undefined }
  /** Server-sent events, until the browser disconnects. */
  | { kind: 'events'; events: AsyncIterable<{ event: string; data: string }> };

interface PageBase {
  /** In OpenAPI's notation, from the root: `/escalations/{id}/review`. */
  path: string;
  /** The page works before an org is chosen; `org` is empty then. */
  withoutOrg?: true;
  /** The permission that the session's key needs; without it the answer is 403. */
  access: Permission;
  handler: (request: PageRequest) => Promise<PageReply>;
  /** The org of the page's object, among all orgs. An administrator who is in another org is offered to switch. */
  ownerOf?: (params: Record<string, string>) => Promise<string | null>;
}

/** A page that takes a form says how what it changes is put on record, as API routes do. */
export type PageSpec = PageBase & ({ method: 'get'; audit?: undefined } | { method: 'post'; audit: AuditRule });

/** Only gives the object its type. */
export const definePage = (spec: PageSpec): PageSpec => spec;

export const pageOf = (title: string, body: VNode, options: { status?: number; wide?: boolean } = {}): PageReply => ({
  kind: 'page',
  title,
  body,
  ...options,
});

/** @param to a path of this site */
export const redirectTo = (to: string, flash?: Flash): PageReply => ({ kind: 'redirect', to, flash });
