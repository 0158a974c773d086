import type { EventType } from '../../events/types.js';
import { maxOverlapSeconds, defaultOverlapSeconds } from '../../webhooks/endpoints/rotation.js';
import type { Attempt } from '../../webhooks/pump/attempt.js';
import { noErrors, type FormErrors } from '../forms/errors.js';
import { optionsOf, textOf } from '../forms/field.js';
import { Fields } from '../forms/fields.js';
import { defineForm } from '../forms/form.js';
import { Dangerous, PostForm } from '../forms/post-form.js';
import type { PageRequest } from '../page.js';
import { Badge } from '../parts/badge.js';
import { Time } from '../parts/time.js';
import { deliveryPath, endpointPath, msText } from './labels.js';
import type { EndpointView } from './view.js';

interface CardProps {
  request: PageRequest;
  endpoint: EndpointView;
}

const overlaps = [
  { seconds: defaultOverlapSeconds, label: 'a day' },
  { seconds: 3_600, label: 'an hour' },
  { seconds: maxOverlapSeconds, label: 'a week' },
  { seconds: 0, label: 'no time: it ends immediately' },
];

export const rotateForm = defineForm([
  {
    name: 'overlap_seconds',
    label: 'Keep signing with the current secret for',
    kind: 'select',
    parse: Number,
    options: overlaps.map(({ seconds, label }) => ({ value: String(seconds), label })),
    help: 'During that time both secrets sign, so that receivers can switch at any moment. A previous secret that still signs ends immediately.',
  },
]);

/** Rotates the secret, which is never shown here. */
export function SecretCard({ request: { session, can }, endpoint: { id, previousSecretEndsAt } }: CardProps) {
  return (
    <section class="card" aria-label="Secret">
      <h2>Secret</h2>
      {previousSecretEndsAt === null ? (
        <p class="dim">One secret signs. It was shown when it was created.</p>
      ) : (
        <p>
          Two secrets sign: the previous one expires <Time at={previousSecretEndsAt} />. Each delivery carries both
          signatures in <code>webhook-signature</code>; verifying with either secret succeeds.
        </p>
      )}
      {can('configure') && (
        <details>
          <summary>Rotate…</summary>
          <PostForm session={session} action={endpointPath(id, '/rotate')}>
            <Fields state={{ form: rotateForm, values: {}, errors: noErrors }} />
            <button>Rotate secret</button>
          </PostForm>
        </details>
      )}
    </section>
  );
}

export const recoverForm = defineForm([
  {
    name: 'since',
    label: 'Since',
    kind: 'datetime',
    offsetName: 'since_offset',
    required: true,
    help: 'Sends failed deliveries, and events that arrived while the endpoint was disabled. Nothing is sent twice.',
  },
  { name: 'retrying', label: 'Also attempt now what waits for its next attempt', kind: 'checkbox' },
]);

const dayMs = 86_400_000;

/** Sends what failed or was missed. */
export function RecoverCard({ request, endpoint, errors }: CardProps & { errors: FormErrors }) {
  const { id, enabled, disabledAt } = endpoint;
  const posted = recoverForm.read(request.form);
  const defaultSince = (disabledAt ?? new Date(Date.now() - dayMs)).toISOString().slice(0, 16);
  const values = textOf(posted, 'since') === '' ? { since: defaultSince } : posted;
  return (
    <section class="card" aria-label="Recover">
      <h2>Recover</h2>
      {enabled ? (
        <PostForm session={request.session} action={endpointPath(id, '/recover')}>
          <Fields state={{ form: recoverForm, values, errors }} />
          <button>Recover</button>
        </PostForm>
      ) : (
        <p class="dim">Enable the endpoint first. Then the events that it missed can be recovered.</p>
      )}
    </section>
  );
}

/** Disables, enables and deletes. */
export function StopCard({ request: { session }, endpoint: { id, enabled, url } }: CardProps) {
  return (
    <section class="card" aria-label="Stop">
      <h2>{enabled ? 'Stop' : 'Start'}</h2>
      <PostForm session={session} action={endpointPath(id, enabled ? '/disable' : '/enable')}>
        <p class="dim">
          {enabled
            ? 'Nothing is sent to a disabled endpoint. Events that it misses can be recovered.'
            : 'New events are sent from then on. Events that it missed can be recovered.'}
        </p>
        <p>
          <button>{enabled ? 'Disable' : 'Enable'}</button>
        </p>
      </PostForm>
      <Dangerous session={session} action={endpointPath(id, '/delete')} ask="Delete…" confirm="Delete the endpoint">
        {`Nothing more is sent to ${new URL(url).host}. Pending deliveries are cancelled, and the log can no longer be read. This cannot be undone.`}
      </Dangerous>
    </section>
  );
}

/** The outcome of a test; or why none was sent. */
export type TestOutcome = { deliveryId: string; attempt: Attempt } | { errors: FormErrors };

export const testForm = (events: readonly EventType[]) =>
  defineForm([{ name: 'type', label: 'Event type', kind: 'select', empty: 'omit', options: optionsOf(events) }]);

interface TestCardProps {
  request: PageRequest;
  endpoint: EndpointView;
  outcome: TestOutcome | null;
}

/** The target element of htmx for a test's outcome. */
export const testOutcomeId = 'test-answer';

/** Sends a test event, and shows the receiver's answer. */
export function TestCard({ request, endpoint, outcome }: TestCardProps) {
  const form = testForm(endpoint.events);
  return (
    <section class="card" aria-label="Test">
      <h2>Test</h2>
      <PostForm
        session={request.session}
        action={endpointPath(endpoint.id, '/test')}
        inPlace={{ target: `#${testOutcomeId}`, swap: 'innerHTML' }}
        hx-disabled-elt="find button"
      >
        <Fields state={{ form, values: form.read(request.form), errors: noErrors }} />
        <button class="primary">Send test</button>
      </PostForm>
      <div id={testOutcomeId} class="answer" aria-live="polite">
        {outcome && <TestOutcomePart endpointId={endpoint.id} outcome={outcome} />}
      </div>
    </section>
  );
}

export function TestOutcomePart({ endpointId, outcome }: { endpointId: string; outcome: TestOutcome }) {
  if ('errors' in outcome) {
    const { summary, fields } = outcome.errors;
    const messages = [...fields].map(([name, texts]) => `${name} ${texts.join('; ')}`);
    return <p class="error">{summary ?? messages.join('; ')}</p>;
  }
  const { deliveryId, attempt } = outcome;
  return (
    <>
      <p>
        <Badge tone={attempt.succeeded ? 'good' : 'bad'}>{attempt.succeeded ? 'received' : 'not received'}</Badge>
        {' · '}
        {attempt.responseCode ?? 'no answer'} · {msText(attempt.durationMs)}
      </p>
      {attempt.error !== null && <p class="error text">{attempt.error}</p>}
      {attempt.responseBody !== '' && (
        <pre tabindex={0} aria-label="The start of the answer">
          {attempt.responseBody}
        </pre>
      )}
      <p>
        <a href={deliveryPath(endpointId, deliveryId)}>Details of the delivery</a>
      </p>
    </>
  );
}
