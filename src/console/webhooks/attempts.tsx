import type { PresentedDelivery } from '../../webhooks/deliveries/schema.js';
import { Badge } from '../parts/badge.js';
import { Time } from '../parts/time.js';
import { msWords, triggerWords } from './words.js';

type Attempt = PresentedDelivery['attempts'][number];

const mostShown = 20;
/** Of the newest answers more is shown: a page stays small. */
const inFull = 3;
const lengths = { newest: 4_096, earlier: 300 };

/** Every try with what came of it, the newest first. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const newest = [...attempts].reverse();
  const left = newest.length - mostShown;
  return (
    <>
      <ol class="timeline">
        {newest.slice(0, mostShown).map((attempt, index) => (
          <li key={attempt.number}>
            <One attempt={attempt} longest={index < inFull ? lengths.newest : lengths.earlier} />
          </li>
        ))}
      </ol>
      {left > 0 && <p class="dim">{`${left} earlier ones are in the API’s answer.`}</p>}
    </>
  );
}

function One({ attempt, longest }: { attempt: Attempt; longest: number }) {
  const { number, at, trigger, response_code: code, duration_ms, error, response_body: answer } = attempt;
  return (
    <>
      <p>
        <strong>{`Try ${number}`}</strong>{' '}
        <Badge tone={error === null ? 'good' : 'bad'}>{String(code ?? 'no answer')}</Badge>
        {' · '}
        {msWords(duration_ms)} · <Time at={new Date(at)} /> <span class="dim">{triggerWords[trigger]}</span>
      </p>
      {error !== null && <p class="error text">{error}</p>}
      {answer !== '' && (
        <pre class="said" tabindex={0} aria-label={`The start of the answer to try ${number}`}>
          {answer.slice(0, longest)}
        </pre>
      )}
    </>
  );
}
