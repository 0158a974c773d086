import type { PresentedEscalation } from '../../escalations/presenter.js';
import type { HistoryEntry } from '../../escalations/model.js';
import { SeverityBadge } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { ErrorSummary } from '../parts/field.js';
import { Time } from '../parts/time.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { TicketSection, type Refusal } from '../tickets/section.js';
import type { TicketState } from '../tickets/state.js';
import { Decision } from './decision.js';
import { actorName, Clock, gatewayName, Standing } from './words.js';

export interface ReviewProps {
  request: PageRequest;
  escalation: PresentedEscalation;
  history: readonly HistoryEntry[];
  state: TicketState;
  /** Of the ticket's forms. */
  refusal: Refusal | null;
  errors: FormErrors;
}

/** All that it takes to decide, and the decision. */
export function ReviewPage({ request, escalation, history, state, refusal, errors }: ReviewProps) {
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
            <SeverityBadge severity={escalation.severity} /> · <Standing of={escalation} /> · <Clock of={escalation} />
          </p>
        </div>
      </div>
      <ErrorSummary errors={errors} />
      <div class="columns">
        <div>
          <section class="card">
            <h2>Why it is here</h2>
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
              <pre tabindex={0}>{JSON.stringify(context, null, 2)}</pre>
            </section>
          )}
          <section>
            <h2>History</h2>
            <Timeline history={history} />
          </section>
        </div>
        <div>
          <Decision request={request} escalation={escalation} />
          <TicketSection {...{ request, path, page: `${path}/review`, state, refusal }} />
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

const said: Record<HistoryEntry['kind'], string> = {
  raised: 'raised',
  claimed: 'claimed',
  released: 'given back',
  noted: 'noted',
  overdue: 'overdue',
  resolved: 'resolved',
};

const Timeline = ({ history }: { history: readonly HistoryEntry[] }) => (
  <ol class="timeline">
    {[...history].reverse().map(({ seq, kind, at, by, text, clock }) => (
      <li key={seq}>
        <strong>{by?.name ?? 'Drawbridge'}</strong> {said[kind]}
        {clock !== null && ` (${clock})`} <Time at={at} />
        {text !== null && <p class="text">{text}</p>}
      </li>
    ))}
  </ol>
);
