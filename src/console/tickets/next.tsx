import type { VNode } from 'preact';
import type { Outlook } from '../../tickets/outlook.js';
import { Time } from '../parts/time.js';
import { capital, trackerInWords } from './names.js';
import type { TicketState } from './state.js';

const things: Record<Exclude<Outlook['due'], null>, string> = {
  ticket: 'the ticket',
  closing: 'the closing',
  comment: 'a comment',
};

/** What happens next, and when. */
export function Next({ state }: { state: TicketState }): VNode | null {
  const { link, tracker, gate } = state.outlook;
  const name = trackerInWords[tracker.provider];
  if (link === null && state.isExpected) {
    return <p class="dim">No ticket yet. Where routing asks for one, it is opened within moments.</p>;
  }
  if (link === null) {
    return gate ? null : (
      <p class="dim">No ticket yet. One would be opened in {name}; comments stay here until then.</p>
    );
  }
  switch (link.sync_state) {
    case 'pending':
      return <Pending state={state} name={name} />;
    case 'error':
      return <p>{refusedWords(state.outlook, capital(name))}</p>;
    case 'synced':
      return link.state === 'closed' ? (
        <p class="dim">Nothing is left to do: {name} has closed it.</p>
      ) : (
        <p class="dim">Comments go to {name} as they are written; what is said there shows up here.</p>
      );
  }
}

function Pending({ state, name }: { state: TicketState; name: string }) {
  const { due, tries, nextTryAt } = state.outlook;
  const thing = things[due ?? 'comment'];
  const count = tries === 1 ? 'one try' : `${tries} tries`;
  if (nextTryAt && nextTryAt > new Date()) {
    return (
      <p>
        {capital(name)} has not taken {thing} in {count}. Tried again <Time at={nextTryAt} />, and on until it is taken.
      </p>
    );
  }
  if (!state.isWorkerAlive) {
    return (
      <p>
        No worker is running to bring {thing} to {name}. It is kept, and sent as soon as one runs: see{' '}
        <a href="/setup">Setup</a>.
      </p>
    );
  }
  return (
    <p>
      {capital(name)} is being asked to take {thing}
      {tries > 0 && `, after ${count}`}. It is asked again without end; the workflow shows each try.
    </p>
  );
}

function refusedWords({ due }: Outlook, name: string): string {
  switch (due) {
    case 'ticket':
      return `${name} refused the ticket. Nothing more is tried until somebody tries again.`;
    case 'closing':
      return `${name} refused to close it. Nothing more is tried until somebody closes it again.`;
    default:
      return `${name} refused a comment, which stays below. The next thing that it takes makes this synced again.`;
  }
}
