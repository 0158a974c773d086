import type { Timings } from '../../config/index.js';
import type { EscalationList } from '../../escalations/list.js';
import type { EscalationDoc } from '../../escalations/model.js';
import type { PresentedEscalation, ShownEscalation } from '../../escalations/presenter.js';
import { listEscalationsQuery, noteEscalationBody, resolveEscalationBody } from '../../escalations/schema.js';
import type { Acting, EscalationService } from '../../escalations/service.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import type { TicketSectionPages } from '../tickets/pages.js';
import type { Refusal } from '../tickets/section.js';
import type { ReadArrivals } from '../../escalations/arrivals.js';
import { createLiveCounts } from './live.js';
import { QueuePage } from './queue-page.js';
import { ReviewPage } from './review-page.js';

export interface EscalationPagesDeps {
  service: EscalationService;
  list: EscalationList;
  readArrivals: ReadArrivals;
  /** Whichever org's. */
  find: (id: string) => Promise<Pick<EscalationDoc, 'org_id'> | null>;
  present: (orgId: string, escalations: ShownEscalation[]) => Promise<PresentedEscalation[]>;
  tickets: TicketSectionPages;
  timings: Pick<Timings, 'console'>;
}

const listed = 50;

/** The queue, and the review of one. */
export function escalationPages(deps: EscalationPagesDeps): PageSpec[] {
  const { service, list, present, find, tickets } = deps;
  const liveCounts = createLiveCounts({ read: deps.readArrivals, restMs: deps.timings.console.liveEveryMs });

  async function review(
    request: PageRequest,
    escalation: EscalationDoc,
    {
      errors = noErrors,
      refusal = null,
      status = 200,
    }: { errors?: FormErrors; refusal?: Refusal | null; status?: number },
  ) {
    const { org, query } = request;
    const subject = { type: 'escalation', id: escalation._id } as const;
    const [[shown], state] = await Promise.all([
      present(org, [escalation]),
      tickets.load(org, subject, query.get('before') ?? undefined),
    ]);
    if (!shown) throw new Error('One was presented as none.');
    const body = (
      <ReviewPage {...{ request, escalation: shown, history: escalation.history, state, refusal, errors }} />
    );
    return pageOf(shown.title, body, { status, wide: true });
  }

  /** Does it and leads back; a refusal shows the page as it is now, with what was typed. */
  const acting = (act: string, run: (acting: Acting, request: PageRequest) => Promise<EscalationDoc>): PageSpec =>
    definePage({
      method: 'post',
      path: `/escalations/{id}/${act}`,
      access: 'review',
      handler: async (request): Promise<PageReply> => {
        const { org, params, session } = request;
        const id = params.id ?? '';
        const done = await attempt(() => run({ orgId: org, id, caller: session.caller, actId: newId('cmd') }, request));
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
        const asked = Object.fromEntries([...query].filter(([, value]) => value !== ''));
        const filter = validate(listEscalationsQuery, { limit: String(listed), ...asked });
        const { data, next_cursor } = await list(org, filter);
        const escalations = await present(org, data);
        return pageOf('Escalations', <QueuePage {...{ escalations, query, nextCursor: next_cursor }} />, {
          wide: true,
        });
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
      handler: async (request) => review(request, await service.get(request.org, request.params.id ?? ''), {}),
      ownerOf: async ({ id = '' }) => (await find(id))?.org_id ?? null,
    }),
    acting('claim', (claiming) => service.claim(claiming)),
    acting('release', (releasing) => service.release(releasing)),
    acting('notes', (noting, { form }) =>
      service.note(noting, validate(noteEscalationBody, { body: form.raw('body') }).body),
    ),
    acting('resolve', (resolving, { form }) => {
      const typed = { resolution: form.text('resolution'), notes: form.raw('notes').trim() };
      const { resolution, notes } = validate(resolveEscalationBody, typed);
      return service.resolve(resolving, resolution, notes === '' ? null : notes);
    }),
    ...tickets.pagesOf({
      type: 'escalation',
      base: '/escalations',
      pageOf: (id) => `/escalations/${id}/review`,
      show: async (request, id, refusal) =>
        review(request, await service.get(request.org, id), { refusal, status: refusal.status }),
    }),
  ];
}
