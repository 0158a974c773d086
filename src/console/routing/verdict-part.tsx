import type { PolicyTrial } from '../../escalations/policies/trial.js';
import { Badge, SeverityBadge, type Tone } from '../parts/badge.js';
import { Countdown } from '../parts/time.js';
import { policyPath } from './policies-page.js';
import { reasonOf } from './reasons.js';
import type { Raised, TicketVerdict, Verdict } from './verdict.js';
import { mappedWords } from './words.js';

/** What would come of the event: what it raises first, then what each policy says of it. */
export function VerdictPart({ verdict: { trials, raised } }: { verdict: Verdict }) {
  return (
    <>
      <section class="card" aria-labelledby="raises">
        <h2 id="raises">{raised ? 'It raises an escalation' : 'It raises nothing'}</h2>
        {raised ? (
          <RaisedFacts raised={raised} />
        ) : (
          <p>
            {trials.length === 0
              ? 'There are no policies yet.'
              : 'No policy that is on matches it. It is kept, and sent to webhooks all the same.'}
          </p>
        )}
      </section>
      {trials.length > 0 && <Trials trials={trials} />}
    </>
  );
}

function RaisedFacts({ raised }: { raised: Raised }) {
  const { escalation, mappedSeverity, mappedBy, ticket, channels } = raised;
  const { title, severity, kind, reason, gateway, actor, terms } = escalation;
  return (
    <dl class="facts">
      <dt>Title</dt>
      <dd>{title}</dd>
      <dt>Severity</dt>
      <dd>
        <SeverityBadge severity={severity} />{' '}
        <span class="dim">
          {`${mappedWords(mappedSeverity)} in the tracker${mappedBy === 'connection' ? ', by its connection’s map' : ''}`}
        </span>
      </dd>
      <dt>Kind</dt>
      <dd>{kind}</dd>
      <dt>To claim</dt>
      <dd>
        <Due at={terms.acknowledge_due_at} />
      </dd>
      <dt>To resolve</dt>
      <dd>
        <Due at={terms.resolve_due_at} />
      </dd>
      <dt>Gateway</dt>
      <dd>{gateway ? joined([gateway.name ?? gateway.id, gateway.environment]) : <None path="gateway" />}</dd>
      <dt>Actor</dt>
      <dd>{actor ? joined([actor.name ?? actor.id, actor.email, actor.type]) : <None path="actor" />}</dd>
      <dt>Reason</dt>
      <dd>{reason ?? <None path="reason" />}</dd>
      <dt>Ticket</dt>
      <dd>
        <Ticket ticket={ticket} />
      </dd>
      <dt>Told</dt>
      <dd>
        <Told channels={channels} />
      </dd>
    </dl>
  );
}

const joined = (parts: (string | null)[]) => parts.filter((part) => part !== null).join(' · ');

const None = ({ path }: { path: string }) => (
  <span class="dim">
    none: the data has no <code>{path}</code>
  </span>
);

const Due = ({ at }: { at: Date | null }) => (at ? <Countdown until={at} /> : <span class="dim">no clock</span>);

function Ticket({ ticket }: { ticket: TicketVerdict }) {
  if (!ticket.opened) {
    return <>{ticket.why === 'off' ? 'none: tickets are off' : `none: tickets are opened from ${ticket.least}`}</>;
  }
  const { provider, connection, problem } = ticket;
  return (
    <>
      {connection === null ? `opened by the deployment’s ${provider}` : `opened by ${connection} (${provider})`}
      {problem !== null && <p class="error">{problem}</p>}
    </>
  );
}

function Told({ channels }: { channels: Raised['channels'] }) {
  if (channels.length === 0) {
    return (
      <>
        nobody: no channel wants it. <a href="/approvals/configure">Channels</a>
      </>
    );
  }
  return (
    <ul class="plain">
      {channels.map(({ name, type, moments }, index) => (
        <li key={index}>
          {name} <span class="dim">{`${type}, when ${moments.join(', ')}`}</span>
        </li>
      ))}
    </ul>
  );
}

const shown: Record<PolicyTrial['outcome'], { words: string; tone: Tone }> = {
  raises: { words: 'raises it', tone: 'good' },
  later: { words: 'matches, too late', tone: 'info' },
  off: { words: 'off', tone: 'neutral' },
  no: { words: 'no match', tone: 'neutral' },
};

const Trials = ({ trials }: { trials: readonly PolicyTrial[] }) => (
  <section aria-labelledby="asked">
    <h2 id="asked">What each policy says</h2>
    <ol class="trials">
      {trials.map((trial) => (
        <Trial key={trial.policy.id} trial={trial} />
      ))}
    </ol>
  </section>
);

function Trial({ trial: { policy, outcome, matches, unmet, unmetBesides } }: { trial: PolicyTrial }) {
  const { words, tone } = shown[outcome];
  return (
    <li>
      <div class="trial">
        <a href={policyPath(policy.id)}>{policy.name}</a> <Badge tone={tone}>{words}</Badge>
        {outcome === 'off' && <span class="dim">{matches ? 'it would match' : 'it would not match'}</span>}
      </div>
      {unmet.length > 0 && (
        <ul class="plain dim">
          {unmet.map((one, index) => (
            <li key={index}>
              <code>{one.field ?? one.operator}</code> {reasonOf(one)}
            </li>
          ))}
          {unmetBesides > 0 && <li>{`and ${unmetBesides} more`}</li>}
        </ul>
      )}
    </li>
  );
}
