import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import { evidenceRequestUpdated } from '../../evidence-requests/routes.js';
import {
  createEvidenceRequestBody,
  listEvidenceRequestsQuery,
  updateEvidenceRequestBody,
} from '../../evidence-requests/schema.js';
import type { EvidenceRequestService } from '../../evidence-requests/service.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import type { Link } from '../../tickets/links/schema.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import type { FormState } from '../forms/form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import type { Session } from '../session/sessions.js';
import type { TicketSectionPages } from '../tickets/pages.js';
import { RequestForm, requestForm, storedValues } from './form.js';
import { ListPage } from './list-page.js';
import { RequestPage } from './request-page.js';

export interface EvidenceRequestPagesDeps {
  service: EvidenceRequestService;
  /** Tickets by request id. */
  ticketOf: (orgId: string, ids: string[]) => Promise<Map<string, Link>>;
  tickets: TicketSectionPages;
}

const base = '/evidence-requests';
const pageSize = 50;

/** Evidence requests: list, create, show with the ticket, and edit. */
export function evidenceRequestPages({ service, ticketOf, tickets }: EvidenceRequestPagesDeps): PageSpec[] {
  interface ShowOptions {
    /** Of the request's own form. */
    editRefusal?: Refusal;
    /** Of the Ticket Sync section's forms. */
    ticketRefusal?: Refusal;
  }

  async function show(
    request: PageRequest,
    evidence: EvidenceRequestDoc,
    { editRefusal, ticketRefusal }: ShowOptions = {},
  ) {
    const { org, query, form } = request;
    const before = query.get('before') ?? undefined;
    const ticket = await tickets.load(org, { type: 'evidence_request', id: evidence._id }, before);
    const state = {
      form: requestForm,
      values: editRefusal ? requestForm.read(form) : storedValues(evidence),
      errors: editRefusal?.errors ?? noErrors,
    };
    const body = (
      <RequestPage
        request={request}
        evidence={evidence}
        ticket={ticket}
        refusal={ticketRefusal ?? null}
        state={state}
      />
    );
    const status = editRefusal?.status ?? ticketRefusal?.status ?? 200;
    return pageOf(evidence.title, body, { status, wide: true });
  }

  function showNew({ session, form }: PageRequest, { errors, status }: Refusal = { errors: noErrors, status: 200 }) {
    const state = { form: requestForm, values: requestForm.read(form), errors };
    return pageOf('New request', <NewPage session={session} state={state} />, { status });
  }

  const find = ({ org, params }: PageRequest) => service.get(org, params.id ?? '');

  return [
    definePage({
      method: 'get',
      path: base,
      access: 'read',
      handler: async ({ org, query, can }) => {
        const filters = Object.fromEntries([...query].filter(([, value]) => value !== ''));
        const { data, next_cursor } = await service.list(
          org,
          validate(listEvidenceRequestsQuery, { limit: String(pageSize), ...filters }),
        );
        const ids = data.map(({ _id }) => _id);
        const links = ids.length === 0 ? new Map<string, Link>() : await ticketOf(org, ids);
        const props = { requests: data, tickets: links, nextCursor: next_cursor, query };
        return pageOf('Evidence requests', <ListPage {...props} mayCreate={can('configure')} />, { wide: true });
      },
    }),
    definePage({
      method: 'get',
      path: `${base}/new`,
      access: 'configure',
      handler: (request) => Promise.resolve(showNew(request)),
    }),
    definePage({
      method: 'post',
      path: base,
      audit: { action: 'evidence_request.created', subject: evidenceRequestUpdated.subject },
      access: 'configure',
      handler: async (request) => {
        const created = await attempt(
          async () =>
            service.create(
              request.org,
              newId('er'),
              requestForm.parse(createEvidenceRequestBody, requestForm.read(request.form)),
            ),
          requestForm.errorsOf,
        );
        return 'errors' in created ? showNew(request, created) : redirectTo(`${base}/${created.value._id}`);
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
      audit: evidenceRequestUpdated,
      access: 'configure',
      handler: async (request) => {
        const evidence = await find(request);
        const saved = await attempt(async () => {
          const values = requestForm.read(request.form);
          const input = requestForm.parse(updateEvidenceRequestBody, values, { stored: storedValues(evidence) });
          return service.update(request.org, evidence._id, input);
        }, requestForm.errorsOf);
        if ('errors' in saved) return show(request, evidence, { editRefusal: saved });
        return redirectTo(`${base}/${evidence._id}`, { notice: 'Saved.' });
      },
    }),
    definePage({
      method: 'post',
      path: `${base}/{id}/status`,
      audit: evidenceRequestUpdated,
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
      show: async (request, _id, ticketRefusal) => show(request, await find(request), { ticketRefusal }),
    }),
  ];
}

const NewPage = ({ session, state }: { session: Session; state: FormState }) => (
  <>
    <div class="head">
      <div>
        <p class="dim">
          <a href={base}>Evidence requests</a>
        </p>
        <h1>New request</h1>
      </div>
    </div>
    <RequestForm session={session} action={base} state={state} button="Create request" primary />
  </>
);
