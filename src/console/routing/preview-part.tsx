import type { PolicyTrial } from '../../escalations/policies/trial.js';
import { Badge, SeverityBadge, type Tone } from '../parts/badge.js';
import { Countdown } from '../parts/time.js';
import { policyPath } from './head.js';
import { mappedSeverityText, unmetText } from './labels.js';
import type { RaisedPreview, RoutingPreview, TicketPreview } from './preview.js';

/** The result of a try: the escalation, then the outcome of each policy. */
export function PreviewPart({ preview: { trials, raised } }: { preview: RoutingPreview }) {
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
              : 'No policy that is on matches it. The event is still stored and sent to webhooks.'}
          </p>
        )}
      </section>
      {trials.length > 0 && <Trials trials={trials} />}
    </>
  );
}

function RaisedFacts({ raised }: { raised: RaisedPreview }) {
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
          {`${mappedSeverityText(mappedSeverity)} in the tracker${mappedBy === 'connection' ? ', from its connection’s map' : ''}`}
        </span>
      </dd>
      <dt>Kind</dt>
      <dd>{kind}</dd>
      <dt>Claim</dt>
      <dd>
        <Deadline at={terms.acknowledge_due_at} />
      </dd>
      <dt>Resolve</dt>
      <dd>
        <Deadline at={terms.resolve_due_at} />
      </dd>
      <dt>Gateway</dt>
      <dd>{gateway ? joined([gateway.name ?? gateway.id, gateway.environment]) : <Missing path="gateway" />}</dd>
      <dt>Actor</dt>
      <dd>{actor ? joined([actor.name ?? actor.id, actor.email, actor.type]) : <Missing path="actor" />}</dd>
      <dt>Reason</dt>
      <dd>{reason ?? <Missing path="reason" />}</dd>
      <dt>Ticket</dt>
      <dd>
        <Ticket ticket={ticket} />
      </dd>
      <dt>Notified</dt>
      <dd>
        <Notified channels={channels} />
      </dd>
    </dl>
  );
}

const joined = (parts: (string | null)[]) => parts.filter((part) => part !== null).join(' · ');

const Missing = ({ path }: { path: string }) => (
  <span class="dim">
    none: the data has no <code>{path}</code>
  </span>
);

const Deadline = ({ at }: { at: Date | null }) =>
  at ? <Countdown until={at} /> : <span class="dim">no deadline</span>;

function Ticket({ ticket }: { ticket: TicketPreview }) {
  if (!ticket.opened) {
    return (
      <>{ticket.reason === 'off' ? 'none: tickets are off' : `none: tickets are opened from ${ticket.minSeverity}`}</>
    );
  }
  const { provider, connection, problem } = ticket;
  return (
    <>
      {connection === null ? `opened by the deployment’s ${provider}` : `opened by ${connection} (${provider})`}
      {problem !== null && <p class="error">{problem}</p>}
    </>
  );
}

function Notified({ channels }: { channels: RaisedPreview['channels'] }) {
  if (channels.length === 0) {
    return (
      <>
        nobody: no channel accepts it. <a href="/approvals/configure">Channels</a>
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

const outcomes: Record<PolicyTrial['outcome'], { label: string; tone: Tone }> = {
  raises: { label: 'raises it', tone: 'good' },
  later: { label: 'matches, after another', tone: 'info' },
  off: { label: 'off', tone: 'neutral' },
  no: { label: 'no match', tone: 'neutral' },
};

const Trials = ({ trials }: { trials: readonly PolicyTrial[] }) => (
  <section aria-labelledby="asked">
    <h2 id="asked">Policies</h2>
    <ol class="trials">
      {trials.map((trial) => (
        <Trial key={trial.policy.id} trial={trial} />
      ))}
    </ol>
  </section>
);

function Trial({ trial: { policy, outcome, matches, unmet, unmetBesides } }: { trial: PolicyTrial }) {
  const { label, tone } = outcomes[outcome];
  return (
    <li>
      <div class="trial">
        <a href={policyPath(policy.id)}>{policy.name}</a> <Badge tone={tone}>{label}</Badge>
        {outcome === 'off' && <span class="dim">{matches ? 'it would match' : 'it would not match'}</span>}
      </div>
      {unmet.length > 0 && (
        <ul class="plain dim">
          {unmet.map((condition, index) => (
            <li key={index}>
              <code>{condition.field ?? condition.operator}</code> {unmetText(condition)}
            </li>
          ))}
          {unmetBesides > 0 && <li>{`and ${unmetBesides} more`}</li>}
        </ul>
      )}
    </li>
  );
}
