import type { VNode } from 'preact';
import type { Permission } from '../http/caller.js';
import type { Form } from './form.js';
import type { Flash, Session } from './session/sessions.js';

/** What a page's handler is given: somebody is signed in, has chosen an org, and may see this. */
export interface PageRequest {
  session: Session;
  /** The org that is looked at. */
  org: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Empty for a GET. */
  form: Form;
  /** Whether this session's key holds a permission: what it may not do is not offered. */
  can: (permission: Permission) => boolean;
  /** Whether htmx asks for a part to put in place, by the id of its target; null for a whole page. */
  part: string | null;
  requestId: string;
  header: (name: string) => string | undefined;
}

export type PageReply =
  /** `title` is the object's: it becomes the document's and stands in the layout. */
  | { kind: 'page'; title: string; body: VNode; status?: number; wide?: boolean }
  /** For htmx: the part alone. */
  | { kind: 'part'; body: VNode; status?: number }
  /** After something was done: a reload does nothing twice. `flash` is shown once on the page it leads to. */
  | { kind: 'redirect'; to: string; flash?: Flash }
  /** Server-sent events: yields the lines of one event after another, until the reader leaves. */
  | { kind: 'events'; events: AsyncIterable<{ event: string; data: string }> };

export interface PageSpec {
  method: 'get' | 'post';
  /** In OpenAPI's notation, from the root: `/escalations/{id}/review`. */
  path: string;
  /** Where an org is chosen: `org` is empty then, unless one is. */
  withoutOrg?: true;
  /** What the session's key has to hold; a POST without it is 403. */
  access: Permission;
  handler: (request: PageRequest) => Promise<PageReply>;
  /** Whose this page's object is, whichever org that be: an administrator who looks at another org is offered to change over. */
  ownerOf?: (params: Record<string, string>) => Promise<string | null>;
}

/** Gives a page its types. */
export const definePage = (spec: PageSpec): PageSpec => spec;

export const pageOf = (title: string, body: VNode, options: { status?: number; wide?: boolean } = {}): PageReply => ({
  kind: 'page',
  title,
  body,
  ...options,
});

/** @param to a path of ours */
export const redirectTo = (to: string, flash?: Flash): PageReply => ({
  kind: 'redirect',
  to,
  ...(flash && { flash }),
});
