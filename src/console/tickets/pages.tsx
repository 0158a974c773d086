import { notFound, Problem } from '../../http/problem.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import { newCommentSchema } from '../../tickets/comments/schema.js';
import type { TicketDesk } from '../../tickets/desk.js';
import type { SubjectRef, SubjectType } from '../../tickets/subject.js';
import { attempt, noErrors } from '../form.js';
import { definePage, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { CommentField } from './comment-box.js';
import { keptComment, Synced, type Refusal } from './section.js';
import { isMoving, versionOf, type TicketState } from './state.js';

export interface TicketPagesDeps {
  desk: TicketDesk;
  /** @returns null for one that is gone */
  connectionName: (orgId: string, id: string) => Promise<string | null>;
  isWorkerAlive: () => Promise<boolean>;
  /** When an escalation was raised: its workflow may be about to open a ticket. @throws Problem 404 */
  raisedAt: (orgId: string, escalationId: string) => Promise<Date>;
}

/** After that long an escalation's workflow has opened its ticket, or routing asks for none. */
const openedWithinMs = 60_000;

/** Where a kind of subject shows its tickets. */
export interface TicketPlace {
  type: SubjectType;
  /** `/evidence-requests`: the section's forms stand below it and the subject's id. */
  base: string;
  /** The subject's page. */
  pageOf: (id: string) => string;
  /** The same whole, for who has no script. */
  show: (request: PageRequest, id: string, refusal: Refusal) => Promise<PageReply>;
}

export type TicketSectionPages = ReturnType<typeof createTicketSection>;

/** The Ticket Sync section, which any subject's page may show, and what its forms do. */
export function createTicketSection({ desk, connectionName, isWorkerAlive, raisedAt }: TicketPagesDeps) {
  const isExpected = async (orgId: string, { type, id }: SubjectRef): Promise<boolean> =>
    type === 'escalation' && Date.now() - (await raisedAt(orgId, id)).getTime() < openedWithinMs;

  /** @param before of the thread; undefined for its end. @throws Problem 404, 422 */
  async function load(orgId: string, subject: SubjectRef, before: string | undefined): Promise<TicketState> {
    const [outlook, thread] = await Promise.all([
      desk.outlookOf(orgId, subject),
      desk.threadOf(orgId, subject, before),
    ]);
    if (!outlook) throw notFound('subject');
    const { connectionId } = outlook.tracker;
    const state = {
      ...{ outlook, thread, before, isWorkerAlive: true },
      isExpected: outlook.link === null && (await isExpected(orgId, subject)),
      connectionName: connectionId === null ? null : await connectionName(orgId, connectionId),
    };
    return isMoving(state) ? { ...state, isWorkerAlive: await isWorkerAlive() } : state;
  }

  function pagesOf({ type, base, pageOf, show }: TicketPlace): PageSpec[] {
    const subjectOf = ({ params: { id = '' } }: PageRequest): SubjectRef => ({ type, id });
    const partOf = (request: PageRequest, state: TicketState) => {
      const { id } = subjectOf(request);
      return { request, state, path: `${base}/${id}`, page: pageOf(id), primary: type === 'evidence_request' };
    };

    /** Does it; whoever has a script sees the section in place, others the page. */
    const acting = (
      act: string,
      access: PageSpec['access'],
      run: (request: PageRequest, subject: SubjectRef) => Promise<unknown>,
    ): PageSpec =>
      definePage({
        method: 'post',
        path: `${base}/{id}/${act}`,
        access,
        handler: async (request) => {
          const subject = subjectOf(request);
          const done = await attempt(() => run(request, subject).catch(asConflict));
          const refusal = 'errors' in done ? done : null;
          if (request.part === null) {
            return refusal ? show(request, subject.id, refusal) : redirectTo(`${pageOf(subject.id)}#ticket`);
          }
          const state = await load(request.org, subject, undefined);
          const typed = keptComment(request, refusal);
          const body = (
            <>
              <Synced {...partOf(request, state)} refusal={refusal} oob />
              {act === 'comments' && <CommentField typed={typed} errors={refusal?.errors ?? noErrors} oob />}
            </>
          );
          return { kind: 'part', body, status: refusal?.status ?? 200 };
        },
      });

    return [
      definePage({
        method: 'get',
        path: `${base}/{id}/ticket`,
        access: 'read',
        handler: async (request) => {
          const subject = subjectOf(request);
          if (request.part === null) return redirectTo(`${pageOf(subject.id)}#ticket`);
          const state = await load(request.org, subject, request.query.get('before') ?? undefined);
          if (request.query.get('v') === versionOf(state)) return { kind: 'part', body: <></>, status: 204 };
          return { kind: 'part', body: <Synced {...partOf(request, state)} /> };
        },
      }),
      acting('ticket', 'configure', ({ org }, subject) => desk.links.create(org, subject, newId('tkt'))),
      acting('ticket/close', 'configure', ({ org }, subject) => desk.links.close(org, subject)),
      acting('ticket/unlink', 'configure', ({ org }, subject) => desk.links.unlink(org, subject)),
      acting('comments', 'read', async ({ org, form, session }, subject) => {
        const { body } = validate(newCommentSchema, { body: plainLines(form.raw('comment')) });
        return desk.comments.add({ orgId: org, subject, id: newId('cmt'), author: session.caller.actor.name, body });
      }),
    ];
  }

  return { load, pagesOf };
}

/** Another was quicker, and unlinked it: the page shows how it is now. A subject that is gone is 404 there again. */
function asConflict(error: unknown): never {
  if (!(error instanceof Problem) || error.status !== 404) throw error;
  throw new Problem(409, error.code, 'Conflict', error.detail);
}

/** Forms send CRLF. */
const plainLines = (text: string) => text.replaceAll('\r\n', '\n');
