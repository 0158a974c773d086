import { noErrors, type Refusal } from '../forms/errors.js';
import type { FormValues } from '../forms/field.js';
import { Dangerous, PostForm } from '../forms/post-form.js';
import type { PageRequest } from '../page.js';
import { commentForm, CommentBox } from './comment-box.js';
import { SyncBadge, trackerNamesInText } from './labels.js';
import { isMoving, versionOf, type TicketState } from './state.js';
import { Gate, SyncStatusPanel } from './sync-status.js';
import { TicketFacts } from './ticket-facts.js';
import { Thread } from './thread.js';

export interface SectionProps {
  request: PageRequest;
  /** The section's forms post below it: `/evidence-requests/er_…`. */
  path: string;
  /** The page that shows the section. */
  page: string;
  state: TicketState;
  refusal?: Refusal | null;
  /** The section is the page's main task, so its first button is emphasized. */
  primary?: boolean;
}

/** What the comment field shows after a submit. A comment that the tracker refused (502) is in the thread and not kept. */
export const keptComment = ({ form }: PageRequest, refusal: Refusal | null): FormValues =>
  refusal && refusal.status !== 502 ? commentForm.read(form) : {};

/** The ticket in the tracker, and the comment thread. */
export function TicketSection(props: SectionProps) {
  const { request, path, state, refusal = null, primary = false } = props;
  return (
    <section class="card ticket" id="ticket" aria-labelledby="ticket-title">
      <h2 id="ticket-title">Ticket Sync</h2>
      <SyncedPart {...props} />
      <CommentBox
        request={request}
        path={path}
        values={keptComment(request, refusal)}
        errors={refusal?.errors ?? noErrors}
        primary={primary && state.status.link !== null && !isCreateRefused(state)}
      />
    </section>
  );
}

interface SyncedPartProps extends SectionProps {
  /** For an answer to htmx: replaces the part on the page. */
  outOfBand?: boolean;
}

/** The part that changes on its own. While a change is pending it polls, and is replaced when something has changed. */
export function SyncedPart({
  request,
  path,
  page,
  state,
  refusal = null,
  primary = false,
  outOfBand,
}: SyncedPartProps) {
  const { link, gate } = state.status;
  const query = new URLSearchParams({ v: versionOf(state) });
  if (state.before !== undefined) query.set('before', state.before);
  const polling = isMoving(state) && {
    'hx-get': `${path}/ticket?${query.toString()}`,
    'hx-trigger': 'every 2s',
    'hx-swap': 'outerHTML',
  };
  return (
    <div id="ticket-sync" {...polling} hx-swap-oob={outOfBand ? 'true' : undefined}>
      {/* The gate (503) and the tracker's refusal (502) are shown below. */}
      {refusal?.errors.summary && ![502, 503].includes(refusal.status) && (
        <p class="errors" role="alert">
          {refusal.errors.summary}
        </p>
      )}
      {link && (
        <p>
          <SyncBadge of={link} />
        </p>
      )}
      <SyncStatusPanel state={state} />
      {isMoving(state) && (
        <noscript>
          <p>
            <a href={page}>Refresh</a>
          </p>
        </noscript>
      )}
      {link?.last_error && (
        <p class="error text" role={refusal?.status === 502 ? 'alert' : undefined}>
          {link.last_error}
        </p>
      )}
      {gate && <Gate gate={gate} isRefusal={refusal?.status === 503} />}
      {link && <TicketFacts link={link} state={state} />}
      {request.can('configure') && <Actions request={request} path={path} state={state} primary={primary && !gate} />}
      <Thread page={page} state={state} />
    </div>
  );
}

const isCreateRefused = ({ status: { link, due } }: TicketState) => link?.sync_state === 'error' && due === 'ticket';

interface ActionsProps {
  request: PageRequest;
  path: string;
  state: TicketState;
  primary: boolean;
}

function Actions({ request: { session }, path, state, primary }: ActionsProps) {
  const { link, due, tracker } = state.status;
  const name = trackerNamesInText[tracker.provider];
  const isCloseRefused = link?.sync_state === 'error' && due === 'closing';
  const inPlace = { swap: 'none' } as const;
  return (
    <div class="actions">
      {(link === null || isCreateRefused(state)) && (
        <PostForm session={session} action={`${path}/ticket`} inPlace={inPlace} hx-sync="this:drop">
          <button class={primary ? 'primary' : undefined}>{link === null ? 'Create ticket' : 'Try again'}</button>
        </PostForm>
      )}
      {link && due !== 'ticket' && (link.state === 'open' || isCloseRefused) && (
        <PostForm session={session} action={`${path}/ticket/close`} inPlace={inPlace} hx-sync="this:drop">
          <button>{link.state === 'open' ? 'Close ticket' : 'Close again'}</button>
        </PostForm>
      )}
      {link && (
        <Dangerous session={session} action={`${path}/ticket/unlink`} ask="Unlink…" confirm="Unlink the ticket">
          {link.external_id === null
            ? `If ${name} still creates the ticket, it is never linked. The thread stays here.`
            : `The ticket stays in ${name} as it is, and the thread stays here. They are no longer synced.`}
        </Dangerous>
      )}
    </div>
  );
}
