import { noErrors, type FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { Dangerous } from '../parts/dangerous.js';
import { FormToken } from '../parts/form-token.js';
import { CommentBox } from './comment-box.js';
import { Gate } from './gate.js';
import { trackerInWords } from './names.js';
import { Next } from './next.js';
import { isMoving, versionOf, type TicketState } from './state.js';
import { SyncBadge, TicketFacts } from './ticket-facts.js';
import { Thread } from './thread.js';

/** Why something was not done; its status is the API's. */
export interface Refusal {
  errors: FormErrors;
  status: number;
}

export interface SectionProps {
  request: PageRequest;
  /** Below which the section's forms post: `/evidence-requests/er_…`. */
  path: string;
  /** The page that it stands on. */
  page: string;
  state: TicketState;
  refusal?: Refusal | null;
  /** Whether what it offers is the page's own job: its first button is filled then. */
  primary?: boolean;
}

/** What is to be sent again. A comment that the tracker refused is none: it stands in the thread. */
export const keptComment = ({ form }: PageRequest, refusal: Refusal | null): string =>
  refusal && refusal.status !== 502 ? form.raw('comment') : '';

/** The ticket in the tracker, and what is said there and here. */
export function TicketSection(props: SectionProps) {
  const { request, path, state, refusal = null, primary = false } = props;
  const typed = keptComment(request, refusal);
  return (
    <section class="card ticket" id="ticket" aria-labelledby="ticket-title">
      <h2 id="ticket-title">Ticket Sync</h2>
      <Synced {...props} />
      <CommentBox
        {...{ request, path, typed, errors: refusal?.errors ?? noErrors }}
        primary={primary && state.outlook.link !== null && !isCreateRefused(state)}
      />
    </section>
  );
}

/** What changes by itself. While something is on its way it is looked at again, and put in place when it has changed. */
export function Synced({ request, path, page, state, refusal = null, primary, oob }: SectionProps & { oob?: boolean }) {
  const { link, gate } = state.outlook;
  const query = new URLSearchParams({
    v: versionOf(state),
    ...(state.before !== undefined && { before: state.before }),
  });
  const watching = isMoving(state) && {
    'hx-get': `${path}/ticket?${query.toString()}`,
    'hx-trigger': 'every 2s',
    'hx-swap': 'outerHTML',
  };
  return (
    <div id="ticket-sync" {...watching} {...(oob && { 'hx-swap-oob': 'true' })}>
      {/* A gate, and a tracker's refusal, stand below in their own words. */}
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
      <Next state={state} />
      {isMoving(state) && (
        <noscript>
          <p>
            <a href={page}>Look again</a>
          </p>
        </noscript>
      )}
      {link?.last_error && (
        <p class="error text" {...(refusal?.status === 502 && { role: 'alert' })}>
          {link.last_error}
        </p>
      )}
      {gate && <Gate gate={gate} isRefusal={refusal?.status === 503} />}
      {link && <TicketFacts link={link} state={state} />}
      {request.can('configure') && <Actions {...{ request, path, state, primary: primary === true && !gate }} />}
      <Thread page={page} state={state} />
    </div>
  );
}

const isCreateRefused = ({ outlook: { link, due } }: TicketState) => link?.sync_state === 'error' && due === 'ticket';

function Actions({ request, path, state, primary }: Omit<SectionProps, 'page' | 'refusal'>) {
  const { link, due, tracker } = state.outlook;
  const name = trackerInWords[tracker.provider];
  const { session } = request;
  const isRefused = link?.sync_state === 'error';
  return (
    <div class="actions">
      {(link === null || isCreateRefused(state)) && (
        <Act {...{ request, primary }} action={`${path}/ticket`}>
          {link === null ? 'Create ticket' : 'Try again'}
        </Act>
      )}
      {link && due !== 'ticket' && (link.state === 'open' || (isRefused && due === 'closing')) && (
        <Act request={request} action={`${path}/ticket/close`}>
          {link.state === 'open' ? 'Close ticket' : 'Close again'}
        </Act>
      )}
      {link && (
        <Dangerous {...{ session, action: `${path}/ticket/unlink`, ask: 'Unlink…', confirm: 'Unlink the ticket' }}>
          {link.external_id === null
            ? `What ${name} may still make of it is left alone and never linked. The thread stays here.`
            : `The ticket stays in ${name} as it is, and the thread stays here; neither side hears of the other any more.`}
        </Dangerous>
      )}
    </div>
  );
}

function Act({
  request,
  action,
  primary = false,
  children,
}: Pick<SectionProps, 'request'> & { action: string; primary?: boolean | undefined; children: string }) {
  return (
    <form method="post" action={action} hx-post={action} hx-swap="none" hx-sync="this:drop">
      <FormToken session={request.session} />
      <button class={primary ? 'primary' : undefined}>{children}</button>
    </form>
  );
}
