import { eventually } from '../eventually.js';
import { makeEvidenceRequest } from '../factories.js';
import { sendReply } from '../fake-tracker.js';
import type { ApiAnswer } from '../http.js';
import { webhookSecret, type ApiAccess } from '../product.js';

/** An evidence request, with or without its ticket, and the API that it is written through. */
export interface Subject {
  /** Of the evidence request. */
  id: string;
  path: string;
  api: ApiAccess;
  linkId: string;
  externalId: string;
}

export async function makeSubject(api: ApiAccess, orgPath: string): Promise<Subject> {
  const { id, path } = await makeEvidenceRequest(api.admin, orgPath);
  return { id, path, api, linkId: '', externalId: '' };
}

/** A subject whose ticket the tracker has. */
export async function makeTicket(api: ApiAccess, orgPath: string): Promise<Subject> {
  const subject = await makeSubject(api, orgPath);
  await open(subject);
  // On a machine that is busy with other things the call may have answered `pending`.
  const link = await eventually(
    () => linkOf(subject),
    ({ external_id }) => typeof external_id === 'string',
    60_000,
  );
  return { ...subject, linkId: String(link.id), externalId: String(link.external_id) };
}

export const open = ({ api, path }: Subject): Promise<ApiAnswer> => api.admin.post(`${path}/ticket`);

export const postComment = ({ api, path }: Subject, body: string): Promise<ApiAnswer> =>
  api.admin.post(`${path}/comments`, { body });

export const close = ({ api, path }: Subject): Promise<ApiAnswer> => api.admin.post(`${path}/ticket/close`);

/** The tracker answers, signed: a comment and a status. */
export const reply = ({ api, externalId }: Subject, id: string, body: string) =>
  sendReply(
    api.url,
    {
      external_id: externalId,
      comment: { external_comment_id: id, author: 'Ann', body },
      status: 'submitted',
      event_id: `event-${id}`,
    },
    { secret: webhookSecret },
  );

export async function linkOf({ api, path }: Subject): Promise<Record<string, unknown>> {
  return (await api.admin.get(`${path}/ticket`)).body;
}

export interface ThreadComment {
  id: string;
  source: 'internal' | 'external';
  body: string;
  sync_state: string | null;
  external_comment_id: string | null;
}

/** The whole thread, oldest first. */
export async function threadOf({ api, path }: Subject): Promise<ThreadComment[]> {
  const thread: ThreadComment[] = [];
  let cursor: unknown = null;
  do {
    const query = typeof cursor === 'string' ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const page = await api.admin.get(`${path}/comments?limit=200${query}`);
    if (page.status !== 200) throw new Error(`No thread: ${page.status} ${JSON.stringify(page.body)}`);
    thread.push(...(page.body.data as ThreadComment[]));
    cursor = page.body.next_cursor;
  } while (cursor !== null);
  return thread;
}
