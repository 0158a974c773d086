import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import {
  createEvidenceRequestBody,
  listEvidenceRequestsQuery,
  updateEvidenceRequestBody,
} from '../../evidence-requests/schema.js';
import type { EvidenceRequestService } from '../../evidence-requests/service.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import type { Link } from '../../tickets/links/schema.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import type { TicketSectionPages } from '../tickets/pages.js';
import type { Refusal } from '../tickets/section.js';
import { byField, changeIn, inputOf, typedFrom, typedIn, type Typed } from './input.js';
import { ListPage } from './list-page.js';
import { NewPage } from './new-page.js';
import { RequestPage } from './request-page.js';

export interface EvidenceRequestPagesDeps {
  service: EvidenceRequestService;
  /** By the request's id; those without a ticket are missing. */
  ticketOf: (orgId: string, ids: string[]) => Promise<Map<string, Link>>;
  tickets: TicketSectionPages;
}

const base = '/evidence-requests';
const listed = 50;
const nothing: Typed = { title: '', description: '', due_at: '', due_offset: '', assignee: '', control_refs: '' };

/** The list, making one, and one of them with its ticket. */
export function evidenceRequestPages({ service, ticketOf, tickets }: EvidenceRequestPagesDeps): PageSpec[] {
  interface Shown {
    refusal?: Refusal;
    edit?: { typed: Typed; errors: FormErrors };
    status?: number;
  }

  async function show(request: PageRequest, evidence: EvidenceRequestDoc, { refusal, edit, status }: Shown = {}) {
    const { org, query } = request;
    const before = query.get('before') ?? undefined;
    const state = await tickets.load(org, { type: 'evidence_request', id: evidence._id }, before);
    const body = (
      <RequestPage
        {...{ request, evidence, state, refusal: refusal ?? null }}
        edit={edit ?? { typed: typedFrom(evidence), errors: noErrors }}
      />
    );
    return pageOf(evidence.title, body, { status: status ?? refusal?.status ?? 200, wide: true });
  }

  const find = ({ org, params }: PageRequest) => service.get(org, params.id ?? '');

  return [
    definePage({
      method: 'get',
      path: base,
      access: 'read',
      handler: async ({ org, query, can }) => {
        const asked = Object.fromEntries([...query].filter(([, value]) => value !== ''));
        const found = await service.list(org, validate(listEvidenceRequestsQuery, { limit: String(listed), ...asked }));
        const ids = found.data.map(({ _id }) => _id);
        const links = ids.length === 0 ? new Map<string, Link>() : await ticketOf(org, ids);
        const props = { requests: found.data, tickets: links, nextCursor: found.next_cursor, query };
        return pageOf('Evidence requests', <ListPage {...props} mayMake={can('configure')} />, { wide: true });
      },
    }),
    definePage({
      method: 'get',
      path: `${base}/new`,
      access: 'configure',
      handler: ({ session }) =>
        Promise.resolve(pageOf('New request', <NewPage session={session} typed={nothing} errors={noErrors} />)),
    }),
    definePage({
      method: 'post',
      path: base,
      access: 'configure',
      handler: async ({ org, form, session }) => {
        const typed = typedIn(form);
        const made = await attempt(async () =>
          service.create(org, newId('er'), validate(createEvidenceRequestBody, inputOf(typed))),
        );
        if ('value' in made) return redirectTo(`${base}/${made.value._id}`);
        const { status } = made;
        return pageOf('New request', <NewPage {...{ session, typed }} errors={byField(made.errors)} />, { status });
      },
    }),
    definePage({
      method: 'get',
      path: `${base}/{id}`,
      access: 'read',
      handler: async (request) => show(request, await find(request)),
    }),
    definePage({
      method: 'post',
      path: `${base}/{id}`,
      access: 'configure',
      handler: async (request) => {
        const evidence = await find(request);
        const typed = typedIn(request.form);
        const changed = await attempt(async () =>
          service.update(request.org, evidence._id, validate(updateEvidenceRequestBody, changeIn(typed, evidence))),
        );
        if ('value' in changed) return redirectTo(`${base}/${evidence._id}`, { notice: 'Saved.' });
        const { status } = changed;
        return show(request, evidence, { edit: { typed, errors: byField(changed.errors) }, status });
      },
    }),
    definePage({
      method: 'post',
      path: `${base}/{id}/status`,
      access: 'configure',
      handler: async ({ org, params, form }) => {
        const { status } = validate(updateEvidenceRequestBody.required({ status: true }), {
          status: form.text('status'),
        });
        const { _id } = await service.update(org, params.id ?? '', { status });
        return redirectTo(`${base}/${_id}`);
      },
    }),
    ...tickets.pagesOf({
      type: 'evidence_request',
      base,
      pageOf: (id) => `${base}/${id}`,
      show: async (request, _id, refusal) => show(request, await find(request), { refusal }),
    }),
  ];
}
