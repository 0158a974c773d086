import { eventually } from '../../support/eventually.js';
import type { Api } from '../../support/http.js';
import { makeLinked } from './tracked.js';

/** An evidence request with a ticket, and what its two sides come to. */
export interface Linked {
  path: string;
  key: string;
  link: () => Promise<Record<string, unknown>>;
  thread: () => Promise<ThreadComment[]>;
  texts: () => Promise<string[]>;
  /** Until the thread has these texts. */
  reads: (texts: string[], withinMs?: number) => Promise<unknown>;
  /** Until the link is like this. */
  shows: (wanted: Record<string, unknown>, withinMs?: number) => Promise<Record<string, unknown>>;
}

export interface ThreadComment {
  id: string;
  source: string;
  author: string;
  body: string;
  external_comment_id: string | null;
  sync_state: string | null;
  edited_at: string | null;
}

/** An evidence request with a ticket. */
export async function openLinked(admin: Api, orgPath: string): Promise<Linked> {
  const request = await makeLinked(admin, orgPath);
  const { path } = request;
  const key = request.link.external_id;
  const linkNow = async () => (await admin.get(`${path}/ticket`)).body as Record<string, unknown>;
  const thread = async () => (await admin.get(`${path}/comments?limit=200`)).body.data as ThreadComment[];
  const texts = async () => (await thread()).map(({ body }) => body);
  return {
    path,
    key,
    link: linkNow,
    thread,
    texts,
    reads: (wanted, withinMs) =>
      eventually(texts, (found) => JSON.stringify(found) === JSON.stringify(wanted), withinMs),
    shows: (wanted, withinMs) =>
      eventually(linkNow, (found) => Object.entries(wanted).every(([name, value]) => found[name] === value), withinMs),
  };
}
