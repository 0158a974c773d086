import { hasErrors, noErrors, type FormErrors } from '../forms/errors.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import { PostForm } from '../forms/post-form.js';
import type { PageRequest } from '../page.js';
import { HoursChart } from '../parts/chart.js';
import { CopyableId } from '../parts/copy.js';
import { Time } from '../parts/time.js';
import { RecoverCard, SecretCard, StopCard, TestCard, type TestOutcome } from './cards.js';
import { DeliveryLog, type LogProps } from './delivery-log.js';
import { EndpointBadge, StatusText } from './endpoint-status.js';
import { endpointForm, storedValues } from './form.js';
import { endpointPath, endpointsPath, msText } from './labels.js';
import type { ActiveView, EndpointView } from './view.js';

/** What was just submitted: a refused form, or a test. */
export type Submitted =
  { form: 'settings' | 'recover' | 'other'; errors: FormErrors } | { form: 'test'; outcome: TestOutcome };

export interface EndpointPageProps extends LogProps {
  endpoint: ActiveView;
  request: PageRequest;
  /** Of the workflow that probes the endpoint, in the Temporal UI; null without a UI or a probing workflow. */
  workflowUrl: string | null;
  submitted: Submitted | null;
}

/** One endpoint: health, deliveries, settings and actions. */
export function EndpointPage({ request, endpoint, workflowUrl, submitted, ...log }: EndpointPageProps) {
  const errorsOf = (form: Submitted['form']) =>
    submitted?.form === form && 'errors' in submitted ? submitted.errors : noErrors;
  const mayChange = request.can('configure');
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href={endpointsPath}>Webhooks</a> / <CopyableId id={endpoint.id} />
          </p>
          <h1>{endpoint.url}</h1>
          {endpoint.description !== '' && <p class="text">{endpoint.description}</p>}
        </div>
      </div>
      <ErrorSummary errors={submitted && 'errors' in submitted ? submitted.errors : noErrors} />
      <div class="columns">
        <div>
          <Health endpoint={endpoint} workflowUrl={workflowUrl} />
          <DeliveryLog endpoint={endpoint} {...log} />
          <Settings request={request} endpoint={endpoint} errors={errorsOf('settings')} />
        </div>
        <div>
          {mayChange && (
            <TestCard
              request={request}
              endpoint={endpoint}
              outcome={submitted?.form === 'test' ? submitted.outcome : null}
            />
          )}
          <SecretCard request={request} endpoint={endpoint} />
          {mayChange && <RecoverCard request={request} endpoint={endpoint} errors={errorsOf('recover')} />}
          {mayChange && <StopCard request={request} endpoint={endpoint} />}
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
        <StatusText endpoint={endpoint} /> {workflowUrl !== null && <a href={workflowUrl}>Probes in the Temporal UI</a>}
      </p>
      <HoursChart hours={hours} label="Attempts per hour" />
      <p class="legend">
        <span class="dim">24 h:</span> <strong>{succeeded}</strong> succeeded <span class="dim">(up)</span>
        {' · '}
        <strong>{failed}</strong> failed <span class="dim">(down)</span>
        {p95Ms !== null && (
          <>
            {' · '}
            <abbr title="95 of 100 attempts of the newest deliveries were faster">p95</abbr>{' '}
            <strong>{msText(p95Ms)}</strong>
          </>
        )}
      </p>
      {isRough && (
        <p class="help">
          The older hours are approximate: they count deliveries by their final status, up to 10,000 per hour.
        </p>
      )}
    </section>
  );
}

interface SettingsProps {
  request: PageRequest;
  endpoint: EndpointView;
  /** With errors, the form shows the typed values. */
  errors: FormErrors;
}

function Settings({ request: { form: posted, session, can }, endpoint, errors }: SettingsProps) {
  const { headers, events, rate_limit_per_second: rate } = endpoint;
  const form = endpointForm(endpoint);
  const isRefused = hasErrors(errors);
  const values = isRefused ? form.read(posted) : storedValues(endpoint);
  return (
    <section aria-label="Settings">
      <h2>Settings</h2>
      <dl class="facts">
        <dt>Events</dt>
        <dd>
          <code>{events.join(', ')}</code>
        </dd>
        <dt>Headers</dt>
        <dd>{headers.length === 0 ? 'none' : <code>{headers.join(', ')}</code>}</dd>
        <dt>Rate limit</dt>
        <dd>{rate === null ? 'none' : `${rate} per second`}</dd>
        <dt>Order</dt>
        <dd>{endpoint.ordered ? 'one at a time, in order' : 'in parallel'}</dd>
        <dt>Created</dt>
        <dd>
          <Time at={new Date(endpoint.created_at)} />
        </dd>
      </dl>
      {can('configure') && (
        <details class="change" open={isRefused}>
          <summary>Change…</summary>
          <PostForm session={session} action={endpointPath(endpoint.id)}>
            <Fields state={{ form, values, errors }} />
            <p class="spaced">
              <button>Save</button>
            </p>
          </PostForm>
        </details>
      )}
    </section>
  );
}
