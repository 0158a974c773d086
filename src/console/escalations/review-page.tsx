import type { PresentedEscalation } from '../../escalations/presenter.js';
import type { HistoryEntry } from '../../escalations/model.js';
import { SeverityBadge } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { Time } from '../parts/time.js';
import type { FormErrors, Refusal } from '../forms/errors.js';
import { ErrorSummary } from '../forms/fields.js';
import type { PageRequest } from '../page.js';
import { TicketSection } from '../tickets/section.js';
import type { TicketState } from '../tickets/state.js';
import { Decision } from './decision.js';
import { actorName, Deadline, gatewayName, StatusBadge } from './labels.js';
import { jsonText } from '../forms/json.js';

export interface ReviewProps {
  request: PageRequest;
  escalation: PresentedEscalation;
  history: readonly HistoryEntry[];
  ticket: TicketState;
  /** Of the Ticket Sync section's forms. */
  refusal: Refusal | null;
  /** Of the decision's forms. */
  errors: FormErrors;
}

/** One escalation: its facts, its history, the decision, and the ticket. */
export function ReviewPage({ request, escalation, history, ticket, refusal, errors }: ReviewProps) {
  const { workflow, policy, context } = escalation;
  const path = `/escalations/${escalation.id}`;
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href="/escalations">Escalations</a> / <CopyableId id={escalation.id} />
          </p>
          <h1>{escalation.title}</h1>
          <p>
            <SeverityBadge severity={escalation.severity} /> · <StatusBadge of={escalation} /> ·{' '}
            <Deadline of={escalation} />
          </p>
        </div>
      </div>
      <ErrorSummary errors={errors} />
      <div class="columns">
        <div>
          <section class="card">
            <h2>Reason</h2>
            {escalation.reason === null ? (
              <p class="dim">No reason was given.</p>
            ) : (
              <p class="text">{escalation.reason}</p>
            )}
            <dl class="facts">
              <dt>Gateway</dt>
              <dd>{gatewayName(escalation) || '–'}</dd>
              <dt>Actor</dt>
              <dd>{actorName(escalation) || '–'}</dd>
              <dt>Policy</dt>
              <dd>{policy?.name ?? 'raised directly'}</dd>
              <dt>Raised</dt>
              <dd>
                <Time at={new Date(escalation.created_at)} />
              </dd>
              {escalation.claimed_by && (
                <>
                  <dt>Claimed by</dt>
                  <dd>{escalation.claimed_by.name}</dd>
                </>
              )}
            </dl>
          </section>
          {context !== null && (
            <section>
              <h2>Context</h2>
              <pre tabindex={0}>{jsonText(context)}</pre>
            </section>
          )}
          <section>
            <h2>History</h2>
            <Timeline history={history} />
          </section>
        </div>
        <div>
          <Decision request={request} escalation={escalation} errors={errors} />
          <TicketSection request={request} path={path} page={`${path}/review`} state={ticket} refusal={refusal} />
          {workflow.url !== null && (
            <p>
              <a href={workflow.url}>The workflow in Temporal</a>
            </p>
          )}
        </div>
      </div>
    </>
  );
}

const entryLabels: Record<HistoryEntry['kind'], string> = {
  raised: 'raised',
  claimed: 'claimed',
  released: 'released',
  noted: 'noted',
  overdue: 'overdue',
  resolved: 'resolved',
};

const Timeline = ({ history }: { history: readonly HistoryEntry[] }) => (
  <ol class="timeline">
    {[...history].reverse().map(({ seq, kind, at, by, text, clock }) => (
      <li key={seq}>
        <strong>{by?.name ?? 'Drawbridge'}</strong> {entryLabels[kind]}
        {clock !== null && ` (${clock})`} <Time at={at} />
        {text !== null && <p class="text">{text}</p>}
      </li>
    ))}
  </ol>
);
