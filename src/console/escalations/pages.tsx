import type { Timings } from '../../config/index.js';
import type { EscalationList } from '../../escalations/list.js';
import type { EscalationDoc } from '../../escalations/model.js';
import type { PresentedEscalation, ShownEscalation } from '../../escalations/presenter.js';
import { listEscalationsQuery, noteEscalationBody, resolveEscalationBody } from '../../escalations/schema.js';
import type { Acting, EscalationService } from '../../escalations/service.js';
import type { AuditAction } from '../../http/audit.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import { attempt, noErrors, type FormErrors, type Refusal } from '../forms/errors.js';
import type { Form } from '../forms/form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import type { TicketSectionPages } from '../tickets/pages.js';
import type { ReadNewSince } from '../../escalations/new-since.js';
import { noteForm, resolveForm } from './decision.js';
import { createLiveCounts } from './live.js';
import { QueuePage } from './queue-page.js';
import { ReviewPage } from './review-page.js';

export interface EscalationPagesDeps {
  service: EscalationService;
  list: EscalationList;
  readNewSince: ReadNewSince;
  /** Among all orgs. */
  find: (id: string) => Promise<Pick<EscalationDoc, 'org_id'> | null>;
  present: (orgId: string, escalations: ShownEscalation[]) => Promise<PresentedEscalation[]>;
  tickets: TicketSectionPages;
  timings: Pick<Timings, 'console'>;
}

const pageSize = 50;

/** The review queue, and the review of one escalation. */
export function escalationPages(deps: EscalationPagesDeps): PageSpec[] {
  const { service, list, present, find, tickets } = deps;
  const liveCounts = createLiveCounts({ read: deps.readNewSince, restMs: deps.timings.console.liveEveryMs });

  interface ReviewOptions {
    /** Of the decision's forms. */
    errors?: FormErrors;
    /** Of the Ticket Sync section's forms. */
    ticketRefusal?: Refusal | null;
    status?: number;
  }

  async function review(
    request: PageRequest,
    escalation: EscalationDoc,
    { errors = noErrors, ticketRefusal = null, status = 200 }: ReviewOptions = {},
  ) {
    const { org, query } = request;
    const subject = { type: 'escalation', id: escalation._id } as const;
    const [[presented], ticket] = await Promise.all([
      present(org, [escalation]),
      tickets.load(org, subject, query.get('before') ?? undefined),
    ]);
    if (!presented) throw new Error('The escalation was not presented.');
    const body = (
      <ReviewPage
        request={request}
        escalation={presented}
        history={escalation.history}
        ticket={ticket}
        refusal={ticketRefusal}
        errors={errors}
      />
    );
    return pageOf(presented.title, body, { status, wide: true });
  }

  /** Runs an action and leads back to the review. A refusal shows the review again, with the typed values. */
  const actionPage = (
    action: string,
    audit: AuditAction,
    run: (acting: Acting, request: PageRequest) => Promise<EscalationDoc>,
    form?: Form,
  ): PageSpec =>
    definePage({
      method: 'post',
      path: `/escalations/{id}/${action}`,
      audit: { action: audit, subject: '/orgs/{org}/escalations/{id}' },
      access: 'review',
      handler: async (request): Promise<PageReply> => {
        const { org, params, session } = request;
        const id = params.id ?? '';
        const acting = { orgId: org, id, caller: session.caller, actId: newId('cmd') };
        const done = await attempt(async () => run(acting, request), form?.errorsOf);
        if ('value' in done) return redirectTo(`/escalations/${id}/review`);
        return review(request, await service.get(org, id), done);
      },
    });

  return [
    definePage({
      method: 'get',
      path: '/escalations',
      access: 'read',
      handler: async ({ org, query }) => {
        const filters = Object.fromEntries([...query].filter(([, value]) => value !== ''));
        const filter = validate(listEscalationsQuery, { limit: String(pageSize), ...filters });
        const { data, next_cursor } = await list(org, filter);
        const escalations = await present(org, data);
        const body = <QueuePage escalations={escalations} query={query} nextCursor={next_cursor} />;
        return pageOf('Escalations', body, { wide: true });
      },
    }),
    definePage({
      method: 'get',
      path: '/escalations/live',
      access: 'read',
      handler: ({ org, query }) => {
        const severities = query.get('severity')?.split(',') ?? null;
        return Promise.resolve({
          kind: 'events',
          events: liveCounts(org, { after: query.get('after') ?? '', severities }),
        });
      },
    }),
    definePage({
      method: 'get',
      path: '/escalations/{id}/review',
      access: 'read',
      handler: async (request) => review(request, await service.get(request.org, request.params.id ?? '')),
      ownerOf: async ({ id = '' }) => (await find(id))?.org_id ?? null,
    }),
    actionPage('claim', 'escalation.claimed', (acting) => service.claim(acting)),
    actionPage('release', 'escalation.released', (acting) => service.release(acting)),
    actionPage(
      'notes',
      'escalation.noted',
      (acting, { form }) => service.note(acting, noteForm.parse(noteEscalationBody, noteForm.read(form)).body),
      noteForm,
    ),
    actionPage(
      'resolve',
      'escalation.resolved',
      (acting, { form }) => {
        const { resolution, notes } = resolveForm.parse(resolveEscalationBody, resolveForm.read(form));
        return service.resolve(acting, resolution, notes === '' ? null : notes);
      },
      resolveForm,
    ),
    ...tickets.pagesOf({
      type: 'escalation',
      base: '/escalations',
      pageOf: (id) => `/escalations/${id}/review`,
      show: async (request, id, ticketRefusal) =>
        review(request, await service.get(request.org, id), { ticketRefusal, status: ticketRefusal.status }),
    }),
  ];
}
