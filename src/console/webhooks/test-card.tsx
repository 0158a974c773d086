import type { EventType } from '../../events/types.js';
import type { Attempt } from '../../webhooks/pump/attempt.js';
import type { FormErrors } from '../form.js';
import { Badge } from '../parts/badge.js';
import { FormToken } from '../parts/form-token.js';
import type { Session } from '../session/sessions.js';
import { deliveryPathOf, msWords, pathOf } from './words.js';

/** What came of a test; or why there was none. */
export type TestResult = { deliveryId: string; attempt: Attempt } | { errors: FormErrors };

interface TestCardProps {
  session: Session;
  endpointId: string;
  events: readonly EventType[];
  /** What was chosen. */
  type: string;
  result: TestResult | null;
}

/** Where the answer is put in place. */
export const testAnswerId = 'test-answer';

export function TestCard({ session, endpointId, events, type, result }: TestCardProps) {
  const path = pathOf(endpointId, '/test');
  const inPlace = { 'hx-post': path, 'hx-target': `#${testAnswerId}`, 'hx-disabled-elt': 'find button' };
  return (
    <section class="card" aria-label="Test">
      <h2>Test</h2>
      <form method="post" action={path} {...inPlace}>
        <FormToken session={session} />
        <div class="field">
          <label for="type">Example of</label>
          <select id="type" name="type">
            {events.map((each) => (
              <option key={each} value={each} selected={each === type}>
                {each}
              </option>
            ))}
          </select>
        </div>
        <button class="primary">Send test</button>
      </form>
      <div id={testAnswerId} class="answer" aria-live="polite">
        {result && <TestAnswer endpointId={endpointId} result={result} />}
      </div>
    </section>
  );
}

/** What the receiver said, as it said it. */
export function TestAnswer({ endpointId, result }: { endpointId: string; result: TestResult }) {
  if ('errors' in result) {
    const { summary, fields } = result.errors;
    return <p class="error">{summary ?? [...fields].map(([path, message]) => `${path} ${message}`).join('; ')}</p>;
  }
  const { deliveryId, attempt } = result;
  return (
    <>
      <p>
        <Badge tone={attempt.succeeded ? 'good' : 'bad'}>{attempt.succeeded ? 'received' : 'not received'}</Badge>
        {' · '}
        {attempt.responseCode ?? 'no answer'} · {msWords(attempt.durationMs)}
      </p>
      {attempt.error !== null && <p class="error text">{attempt.error}</p>}
      {attempt.responseBody !== '' && (
        <pre tabindex={0} aria-label="The start of its answer">
          {attempt.responseBody}
        </pre>
      )}
      <p>
        <a href={deliveryPathOf(endpointId, deliveryId)}>What was sent</a>
      </p>
    </>
  );
}
