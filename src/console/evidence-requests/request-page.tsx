import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import { evidenceStatuses } from '../../integrations/evidence-status.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { CopyableId } from '../parts/copy.js';
import { FormToken } from '../parts/form-token.js';
import { Time } from '../parts/time.js';
import { TicketSection, type Refusal } from '../tickets/section.js';
import type { TicketState } from '../tickets/state.js';
import type { Typed } from './input.js';
import { RequestForm } from './request-form.js';
import { Due, StatusBadge, statusWords } from './words.js';

export interface RequestPageProps {
  request: PageRequest;
  evidence: EvidenceRequestDoc;
  state: TicketState;
  /** Of the ticket's forms. */
  refusal: Refusal | null;
  /** Of the request's own form. */
  edit: { typed: Typed; errors: FormErrors };
}

/** One evidence request: what is asked for, its ticket, and what is said on both sides. */
export function RequestPage({ request, evidence, state, refusal, edit }: RequestPageProps) {
  const path = `/evidence-requests/${evidence._id}`;
  const { errors } = edit;
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href="/evidence-requests">Evidence requests</a> / <CopyableId id={evidence._id} />
          </p>
          <h1>
            <bdi>{evidence.title}</bdi>
          </h1>
          <p>
            <StatusBadge status={evidence.status} />
            {evidence.due_at && (
              <>
                {' '}
                · <Due of={evidence} />
              </>
            )}
          </p>
        </div>
      </div>
      <div class="columns">
        <div>
          {evidence.description === '' ? (
            <p class="dim asked">It has no description.</p>
          ) : (
            <p class="text asked">{evidence.description}</p>
          )}
          <TicketSection {...{ request, path, page: path, state, refusal }} primary />
        </div>
        <div>
          <section class="card" aria-labelledby="request-title">
            <h2 id="request-title">Request</h2>
            <Facts of={evidence} />
            {request.can('configure') && <StatusForm {...{ request, path, evidence }} />}
          </section>
          {request.can('configure') && (
            <details class="card" open={errors.fields.size > 0 || errors.summary !== null}>
              <summary>Edit</summary>
              <RequestForm session={request.session} action={path} label="Save" {...edit} />
            </details>
          )}
        </div>
      </div>
    </>
  );
}

const Facts = ({ of }: { of: EvidenceRequestDoc }) => (
  <dl class="facts">
    <dt>Due</dt>
    <dd>{of.due_at === null ? '–' : <Time at={of.due_at} />}</dd>
    <dt>Assignee</dt>
    <dd>
      <bdi>{of.assignee ?? '–'}</bdi>
    </dd>
    <dt>Controls</dt>
    <dd>
      {of.control_refs.length === 0 ? (
        '–'
      ) : (
        <ul class="plain">
          {of.control_refs.map((control, index) => (
            <li key={index}>
              <bdi>{control}</bdi>
            </li>
          ))}
        </ul>
      )}
    </dd>
    <dt>Made</dt>
    <dd>
      <Time at={of.created_at} />
    </dd>
    <dt>Updated</dt>
    <dd>
      <Time at={of.updated_at} />
    </dd>
  </dl>
);

const StatusForm = ({
  request,
  path,
  evidence,
}: {
  request: PageRequest;
  path: string;
  evidence: EvidenceRequestDoc;
}) => (
  <form class="status" method="post" action={`${path}/status`}>
    <FormToken session={request.session} />
    <label for="status">Status</label>
    <div class="actions">
      <select id="status" name="status">
        {evidenceStatuses.map((status) => (
          <option key={status} value={status} selected={status === evidence.status}>
            {statusWords(status)}
          </option>
        ))}
      </select>
      <button>Set</button>
    </div>
  </form>
);
