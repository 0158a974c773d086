import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import { evidenceStatuses } from '../../integrations/evidence-status.js';
import { hasErrors, type Refusal } from '../forms/errors.js';
import type { FormState } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import type { PageRequest } from '../page.js';
import { CopyableId } from '../parts/copy.js';
import { Time } from '../parts/time.js';
import { TicketSection } from '../tickets/section.js';
import type { TicketState } from '../tickets/state.js';
import { RequestForm } from './form.js';
import { Due, StatusBadge, statusLabel } from './labels.js';

export interface RequestPageProps {
  request: PageRequest;
  evidence: EvidenceRequestDoc;
  ticket: TicketState;
  /** Of the Ticket Sync section's forms. */
  refusal: Refusal | null;
  /** The form that edits the request. */
  state: FormState;
}

/** One evidence request: its description, its ticket, and the comment thread. */
export function RequestPage({ request, evidence, ticket, refusal, state }: RequestPageProps) {
  const path = `/evidence-requests/${evidence._id}`;
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
          <TicketSection request={request} path={path} page={path} state={ticket} refusal={refusal} primary />
        </div>
        <div>
          <section class="card" aria-labelledby="request-title">
            <h2 id="request-title">Request</h2>
            <Facts of={evidence} />
            {request.can('configure') && <StatusForm request={request} path={path} evidence={evidence} />}
          </section>
          {request.can('configure') && (
            <details class="card" open={hasErrors(state.errors)}>
              <summary>Edit</summary>
              <RequestForm session={request.session} action={path} state={state} button="Save" />
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
    <dt>Created</dt>
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
  <PostForm class="status" session={request.session} action={`${path}/status`}>
    <label for="status">Status</label>
    <div class="actions">
      <select id="status" name="status">
        {evidenceStatuses.map((status) => (
          <option key={status} value={status} selected={status === evidence.status}>
            {statusLabel(status)}
          </option>
        ))}
      </select>
      <button>Set</button>
    </div>
  </PostForm>
);
