import type { FormErrors } from '../form.js';
import { noErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { HoursChart } from '../parts/chart.js';
import { CopyableId } from '../parts/copy.js';
import { ErrorSummary } from '../parts/field.js';
import { RecoverCard, SecretCard, StopCard } from './cards.js';
import { DeliveryLog, type LogProps } from './delivery-log.js';
import { gathered } from './endpoint-input.js';
import { Settings } from './settings.js';
import { EndpointBadge, Next } from './standing.js';
import { TestCard, type TestResult } from './test-card.js';
import type { ActiveView } from './view.js';
import { msWords } from './words.js';

/** What was just asked for, and was refused or has an answer. */
export type Asked =
  { what: 'settings' | 'recover' | 'other'; errors: FormErrors } | { what: 'test'; type: string; result: TestResult };

export interface EndpointPageProps extends LogProps {
  endpoint: ActiveView;
  request: PageRequest;
  /** In the Temporal UI; null without one, or while nothing probes. */
  workflowUrl: string | null;
  asked: Asked | null;
}

/** One endpoint: how it is, what it was sent, and what can be done about it. */
export function EndpointPage({ request, endpoint, workflowUrl, asked, ...log }: EndpointPageProps) {
  const errors = asked && asked.what !== 'test' ? gathered(asked.errors) : noErrors;
  const errorsOf = (what: Asked['what']) => (asked?.what === what ? errors : noErrors);
  const mayChange = request.can('configure');
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href="/settings/webhooks">Webhooks</a> / <CopyableId id={endpoint.id} />
          </p>
          <h1>{endpoint.url}</h1>
          {endpoint.description !== '' && <p class="text">{endpoint.description}</p>}
        </div>
      </div>
      <ErrorSummary errors={errors} />
      <div class="columns">
        <div>
          <Health endpoint={endpoint} workflowUrl={workflowUrl} />
          <DeliveryLog endpoint={endpoint} {...log} />
          <Settings {...{ request, endpoint }} errors={asked?.what === 'settings' ? errors : null} />
        </div>
        <div>
          {mayChange && (
            <TestCard
              session={request.session}
              endpointId={endpoint.id}
              events={endpoint.events}
              type={asked?.what === 'test' ? asked.type : ''}
              result={asked?.what === 'test' ? asked.result : null}
            />
          )}
          <SecretCard {...{ request, endpoint }} />
          {mayChange && <RecoverCard {...{ request, endpoint }} errors={errorsOf('recover')} />}
          {mayChange && <StopCard {...{ request, endpoint }} />}
        </div>
      </div>
    </>
  );
}

function Health({ endpoint, workflowUrl }: { endpoint: ActiveView; workflowUrl: string | null }) {
  const { hours, succeeded, failed, p95Ms, isRough } = endpoint.activity;
  return (
    <section class="card" aria-label="Health">
      <p class="next">
        <EndpointBadge endpoint={endpoint} />
        {' · '}
        <Next endpoint={endpoint} /> {workflowUrl !== null && <a href={workflowUrl}>Its probes, in the Temporal UI</a>}
      </p>
      <HoursChart hours={hours} label="Tries an hour" />
      <p class="legend">
        <span class="dim">24 h:</span> <strong>{succeeded}</strong> succeeded <span class="dim">(up)</span>
        {' · '}
        <strong>{failed}</strong> failed <span class="dim">(down)</span>
        {p95Ms !== null && (
          <>
            {' · '}
            <abbr title="95 of 100 tries of the newest deliveries were quicker">p95</abbr>{' '}
            <strong>{msWords(p95Ms)}</strong>
          </>
        )}
      </p>
      {isRough && (
        <p class="help">So many that the older hours count deliveries by how they ended, to 10,000 an hour.</p>
      )}
    </section>
  );
}
