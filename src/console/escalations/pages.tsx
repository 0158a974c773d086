import type { EscalationList } from '../../escalations/list.js';
import type { EscalationDoc } from '../../escalations/model.js';
import type { PresentedEscalation, ShownEscalation } from '../../escalations/presenter.js';
import { listEscalationsQuery, noteEscalationBody, resolveEscalationBody } from '../../escalations/schema.js';
import type { Acting, EscalationService } from '../../escalations/service.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../ids.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { newEscalations } from './live.js';
import { QueuePage } from './queue-page.js';
import { ReviewPage } from './review-page.js';
import type { ThreadEntry } from './ticket-card.js';

export interface EscalationPagesDeps {
  service: EscalationService;
  list: EscalationList;
  present: (orgId: string, escalations: ShownEscalation[]) => Promise<PresentedEscalation[]>;
  /** The newest comments of its thread, oldest first. */
  threadOf: (orgId: string, id: string) => Promise<ThreadEntry[]>;
}

const listed = 50;

/** The queue, and the review of one. */
export function escalationPages(deps: EscalationPagesDeps): PageSpec[] {
  const { service, list, present, threadOf } = deps;

  async function review(request: PageRequest, escalation: EscalationDoc, errors: FormErrors, status = 200) {
    const { org } = request;
    const [[shown], thread] = await Promise.all([present(org, [escalation]), threadOf(org, escalation._id)]);
    if (!shown) throw new Error('One was presented as none.');
    const body = <ReviewPage {...{ request, escalation: shown, history: escalation.history, thread, errors }} />;
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
        return review(request, await service.get(org, id), done.errors, done.status);
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
      handler: ({ org, query }) =>
        Promise.resolve({ kind: 'events', events: newEscalations(list, org, query.get('after') ?? '') }),
    }),
    definePage({
      method: 'get',
      path: '/escalations/{id}/review',
      access: 'read',
      handler: async (request) => review(request, await service.get(request.org, request.params.id ?? ''), noErrors),
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
  ];
}
