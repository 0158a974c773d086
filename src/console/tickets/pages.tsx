import type { AuditAction } from '../../http/audit.js';
import { conflict, notFound, Problem } from '../../http/problem.js';
import { newId } from '../../lib/ids.js';
import { newCommentSchema } from '../../tickets/comments/schema.js';
import type { TicketAdmin } from '../../tickets/admin.js';
import type { SubjectRef, SubjectType } from '../../tickets/subject.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import type { Form } from '../forms/form.js';
import { definePage, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { CommentField, commentForm } from './comment-box.js';
import { keptComment, SyncedPart } from './section.js';
import { isMoving, versionOf, type TicketState } from './state.js';

export interface TicketPagesDeps {
  admin: TicketAdmin;
  /** @returns null for a deleted connection */
  connectionName: (orgId: string, id: string) => Promise<string | null>;
  isWorkerAlive: () => Promise<boolean>;
  /** The time at which an escalation was raised. @throws Problem 404 */
  raisedAt: (orgId: string, escalationId: string) => Promise<Date>;
}

/** After that time, an escalation's workflow has opened its ticket unless routing asks for none. */
const openedWithinMs = 60_000;

/** The pages of a subject type that shows the section. */
export interface TicketPlace {
  type: SubjectType;
  /** `/evidence-requests`: the section's forms post below it and the subject's id. */
  base: string;
  /** The subject's page. */
  pageOf: (id: string) => string;
  /** Shows the subject's page with a refusal, for browsers without a script. */
  show: (request: PageRequest, id: string, refusal: Refusal) => Promise<PageReply>;
}

export type TicketSectionPages = ReturnType<typeof createTicketSection>;

/** The Ticket Sync section of a subject's page, and the pages behind its forms. */
export function createTicketSection({ admin: tickets, connectionName, isWorkerAlive, raisedAt }: TicketPagesDeps) {
  const isExpected = async (orgId: string, { type, id }: SubjectRef): Promise<boolean> =>
    type === 'escalation' && Date.now() - (await raisedAt(orgId, id)).getTime() < openedWithinMs;

  /** @param before a cursor of the thread; undefined for the newest comments. @throws Problem 404, 422 */
  async function load(orgId: string, subject: SubjectRef, before: string | undefined): Promise<TicketState> {
    const [status, thread] = await Promise.all([
      tickets.syncStatusOf(orgId, subject),
      tickets.threadOf(orgId, subject, before),
    ]);
    if (!status) throw notFound('subject');
    const { connectionId } = status.tracker;
    const state = {
      status,
      thread,
      before,
      isWorkerAlive: true,
      isExpected: status.link === null && (await isExpected(orgId, subject)),
      connectionName: connectionId === null ? null : await connectionName(orgId, connectionId),
    };
    return isMoving(state) ? { ...state, isWorkerAlive: await isWorkerAlive() } : state;
  }

  function pagesOf({ type, base, pageOf, show }: TicketPlace): PageSpec[] {
    const subjectOf = ({ params: { id = '' } }: PageRequest): SubjectRef => ({ type, id });
    const sectionProps = (request: PageRequest, state: TicketState) => {
      const { id } = subjectOf(request);
      return { request, state, path: `${base}/${id}`, page: pageOf(id), primary: type === 'evidence_request' };
    };

    /** Forms post below `base` as the API's routes are below the org. */
    const auditSubject = (action: AuditAction) =>
      `/orgs/{org}${base}/{id}/${action === 'comment.created' ? 'comments/{comment_id}' : 'ticket'}`;

    /** Runs an action. htmx gets the section's parts, other browsers the page. */
    const actionPage = (
      action: string,
      audit: AuditAction,
      access: PageSpec['access'],
      run: (request: PageRequest, subject: SubjectRef) => Promise<unknown>,
      form?: Form,
    ): PageSpec =>
      definePage({
        method: 'post',
        path: `${base}/{id}/${action}`,
        audit: { action: audit, subject: auditSubject(audit) },
        access,
        handler: async (request) => {
          const subject = subjectOf(request);
          const done = await attempt(() => run(request, subject).catch(asConflict), form?.errorsOf);
          const refusal = 'errors' in done ? done : null;
          if (request.part === null) {
            return refusal ? show(request, subject.id, refusal) : redirectTo(`${pageOf(subject.id)}#ticket`);
          }
          const state = await load(request.org, subject, undefined);
          const body = (
            <>
              <SyncedPart {...sectionProps(request, state)} refusal={refusal} outOfBand />
              {form && (
                <CommentField values={keptComment(request, refusal)} errors={refusal?.errors ?? noErrors} outOfBand />
              )}
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
          return { kind: 'part', body: <SyncedPart {...sectionProps(request, state)} /> };
        },
      }),
      actionPage('ticket', 'ticket.opened', 'configure', ({ org }, subject) =>
        tickets.links.create(org, subject, newId('tkt')),
      ),
      actionPage('ticket/close', 'ticket.closed', 'configure', ({ org }, subject) => tickets.links.close(org, subject)),
      actionPage('ticket/unlink', 'ticket.unlinked', 'configure', ({ org }, subject) =>
        tickets.links.unlink(org, subject),
      ),
      actionPage(
        'comments',
        'comment.created',
        'read',
        async ({ org, form, session }, subject) => {
          const { body } = commentForm.parse(newCommentSchema, commentForm.read(form));
          const author = session.caller.actor.name;
          return tickets.comments.add({ orgId: org, subject, id: newId('cmt'), author, body });
        },
        commentForm,
      ),
    ];
  }

  return { load, pagesOf };
}

/**
 * A 404 means that somebody else has just unlinked the ticket. As a conflict, it shows the page's current state. For a deleted
 * subject, that page is a 404 again.
 */
function asConflict(error: unknown): never {
  if (!(error instanceof Problem) || error.status !== 404) throw error;
  throw conflict('concurrent_changes', error.detail);
}
