import type { VNode } from 'preact';
import type { SyncStatus } from '../../tickets/sync-status.js';
import { Time } from '../parts/time.js';
import { capitalized, trackerNamesInText } from './labels.js';
import type { TicketState } from './state.js';

/** The sync status in sentences, with what happens next. */
export function SyncStatusPanel({ state }: { state: TicketState }): VNode | null {
  const { link, tracker, gate } = state.status;
  const name = trackerNamesInText[tracker.provider];
  if (link === null && state.isExpected) {
    return <p class="dim">No ticket yet. If routing asks for one, it is opened within moments.</p>;
  }
  if (link === null) {
    return gate ? null : (
      <p class="dim">No ticket yet. It would be opened in {name}. Until then, comments stay here.</p>
    );
  }
  switch (link.sync_state) {
    case 'pending':
      return <Pending state={state} name={name} />;
    case 'error':
      return <p>{refusalText(state.status, capitalized(name))}</p>;
    case 'synced':
      return link.state === 'closed' ? (
        <p class="dim">Nothing is left to do: {name} has closed the ticket.</p>
      ) : (
        <p class="dim">New comments are sent to {name}, and its comments show up here.</p>
      );
  }
}

const changeNames: Record<Exclude<SyncStatus['due'], null>, string> = {
  ticket: 'the ticket',
  closing: 'the closing',
  comment: 'a comment',
};

function Pending({ state, name }: { state: TicketState; name: string }) {
  const { due, tries, nextTryAt } = state.status;
  const change = changeNames[due ?? 'comment'];
  const attempts = tries === 1 ? 'one attempt' : `${tries} attempts`;
  const since = state.status.link?.tracker_unreachable_since ?? null;
  if (since !== null) {
    return (
      <p>
        {capitalized(name)} has been unreachable since <Time at={new Date(since)} />. Sending {change} is retried until
        it succeeds.
      </p>
    );
  }
  if (nextTryAt && nextTryAt > new Date()) {
    return (
      <p>
        {capitalized(name)} has not accepted {change} in {attempts}. The next attempt is <Time at={nextTryAt} />. It is
        retried until it succeeds.
      </p>
    );
  }
  if (!state.isWorkerAlive) {
    return (
      <p>
        No worker is running that could send {change} to {name}. It is stored, and sent as soon as a worker runs: see{' '}
        <a href="/setup">Setup</a>.
      </p>
    );
  }
  return (
    <p>
      Sending {change} to {name}
      {tries > 0 && `, after ${attempts}`}. It is retried until it succeeds; the workflow shows each attempt.
    </p>
  );
}

function refusalText({ due }: SyncStatus, name: string): string {
  switch (due) {
    case 'ticket':
      return `${name} refused the ticket. It is not retried until somebody tries again.`;
    case 'closing':
      return `${name} refused to close the ticket. It is not retried until somebody closes it again.`;
    default:
      return `${name} refused a comment, which is listed below. The next accepted change sets the status to synced.`;
  }
}

interface GateProps {
  gate: NonNullable<SyncStatus['gate']>;
  /** The gate refused what was just submitted. */
  isRefusal: boolean;
}

/** Explains why the tracker can't be used, and where to fix that. */
export const Gate = ({ gate, isRefusal }: GateProps) => (
  <div class="errors" role={isRefusal ? 'alert' : undefined}>
    <p>{gate.detail}</p>
    {gate.missing.length > 0 ? (
      <p>
        Set{' '}
        {gate.missing.map((key, index) => (
          <>
            {index > 0 && ', '}
            <code key={key}>{key}</code>
          </>
        ))}{' '}
        for API and worker (see <a href="/setup">Setup</a>), or add a tracker for this org in{' '}
        <a href="/settings/connections">Connections</a>.
      </p>
    ) : (
      <p>
        See <a href="/settings/connections">Connections</a>.
      </p>
    )}
  </div>
);
