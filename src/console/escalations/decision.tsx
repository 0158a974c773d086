import { resolutions } from '../../escalations/model.js';
import type { PresentedEscalation } from '../../escalations/presenter.js';
import type { PageRequest } from '../page.js';
import { FormToken } from '../parts/form-token.js';

interface DecisionProps {
  request: PageRequest;
  escalation: PresentedEscalation;
}

/** Claiming, the decision with its reason, and notes: what this reviewer may do now. */
export function Decision({ request, escalation }: DecisionProps) {
  const { session, can } = request;
  if (!can('review')) return null;
  const { status, claimed_by: claimer } = escalation;
  const isMine = claimer?.id === session.caller.actor.id;
  return (
    <section class="card" aria-label="Decision">
      <h2>Decision</h2>
      {status === 'open' && (
        <Act {...{ request, escalation }} act="claim" label="Claim" shortcut="c" primary>
          Nobody has it yet. Claim it, so that others leave it to you.
        </Act>
      )}
      {status === 'claimed' && (isMine || can('configure')) && <Resolving {...{ request, escalation }} />}
      {status === 'claimed' && !isMine && (
        <p class="dim">{`${claimer?.name ?? 'Somebody'} has claimed it and decides.`}</p>
      )}
      {status === 'claimed' && (isMine || can('configure')) && (
        <Act {...{ request, escalation }} act="release" label="Give back" />
      )}
      {status === 'resolved' && (
        <p>{`${escalation.resolved_by?.name ?? 'Its source'} decided: ${escalation.resolution ?? ''}.`}</p>
      )}
      <Noting {...{ request, escalation }} />
    </section>
  );
}

const pathOf = ({ id }: PresentedEscalation, act: string) => `/escalations/${id}/${act}`;

function Resolving({ request, escalation }: DecisionProps) {
  const { form, session } = request;
  return (
    <form method="post" action={pathOf(escalation, 'resolve')}>
      <FormToken session={session} />
      <fieldset>
        <legend>It is</legend>
        {resolutions.map((resolution, index) => (
          <label class="check" key={resolution}>
            <input
              type="radio"
              name="resolution"
              value={resolution}
              required
              data-key={index === 0 ? 'r' : undefined}
              checked={form.text('resolution') === resolution}
            />
            {resolution}
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="reason">Why</label>
        <textarea id="reason" name="notes" rows={3}>
          {form.raw('notes')}
        </textarea>
      </div>
      <p>
        <button class="primary">Resolve</button>
      </p>
    </form>
  );
}

function Noting({ request, escalation }: DecisionProps) {
  return (
    <form method="post" action={pathOf(escalation, 'notes')}>
      <FormToken session={request.session} />
      <div class="field">
        <label for="note">Note</label>
        <textarea id="note" name="body" rows={2} data-key="n" required>
          {request.form.raw('body')}
        </textarea>
      </div>
      <button>Add note</button>
    </form>
  );
}

function Act({
  request,
  escalation,
  act,
  label,
  shortcut,
  primary = false,
  children,
}: DecisionProps & { act: string; label: string; shortcut?: string; primary?: boolean; children?: string }) {
  return (
    <form method="post" action={pathOf(escalation, act)}>
      <FormToken session={request.session} />
      {children && <p>{children}</p>}
      <p>
        <button class={primary ? 'primary' : undefined} data-key={shortcut}>
          {label}
        </button>
      </p>
    </form>
  );
}
