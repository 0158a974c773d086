import type { PresentedDelivery } from '../../webhooks/deliveries/schema.js';
import { Badge } from '../parts/badge.js';
import { Time } from '../parts/time.js';
import { msText, triggerLabels } from './labels.js';

type Attempt = PresentedDelivery['attempts'][number];

const maxAttempts = 20;
/** Longer excerpts are shown of the newest answers only, which keeps the page small. */
const newestAnswers = 3;
const maxAnswerLength = { newest: 4_096, earlier: 300 };

/** The attempts with their outcomes, newest first. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const newest = [...attempts].reverse();
  const hidden = newest.length - maxAttempts;
  return (
    <>
      <ol class="timeline">
        {newest.slice(0, maxAttempts).map((attempt, index) => (
          <li key={attempt.number}>
            <AttemptEntry
              attempt={attempt}
              maxLength={index < newestAnswers ? maxAnswerLength.newest : maxAnswerLength.earlier}
            />
          </li>
        ))}
      </ol>
      {hidden > 0 && <p class="dim">{`The API returns ${hidden} earlier attempts as well.`}</p>}
    </>
  );
}

function AttemptEntry({ attempt, maxLength }: { attempt: Attempt; maxLength: number }) {
  const { number, at, trigger, response_code: code, duration_ms, error, response_body: answer } = attempt;
  return (
    <>
      <p>
        <strong>{`Attempt ${number}`}</strong>{' '}
        <Badge tone={error === null ? 'good' : 'bad'}>{String(code ?? 'no answer')}</Badge>
        {' · '}
        {msText(duration_ms)} · <Time at={new Date(at)} /> <span class="dim">{triggerLabels[trigger]}</span>
      </p>
      {error !== null && <p class="error text">{error}</p>}
      {answer !== '' && (
        <pre class="answer-text" tabindex={0} aria-label={`The start of the answer to attempt ${number}`}>
          {answer.slice(0, maxLength)}
        </pre>
      )}
    </>
  );
}
