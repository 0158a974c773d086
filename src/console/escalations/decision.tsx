import { resolutions } from '../../escalations/model.js';
import type { PresentedEscalation } from '../../escalations/presenter.js';
import type { FormErrors } from '../forms/errors.js';
import { optionsOf } from '../forms/field.js';
import { Fields } from '../forms/fields.js';
import { defineForm } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import type { PageRequest } from '../page.js';

export const resolveForm = defineForm([
  {
    name: 'resolution',
    label: 'Resolution',
    kind: 'radios',
    required: true,
    options: optionsOf(resolutions),
    attributes: { 'data-key': 'r' },
  },
  { name: 'notes', id: 'reason', label: 'Why', kind: 'textarea', rows: 3, parse: (typed) => typed.trim() },
]);

export const noteForm = defineForm([
  {
    name: 'body',
    id: 'note',
    label: 'Note',
    kind: 'textarea',
    rows: 2,
    required: true,
    attributes: { 'data-key': 'n' },
  },
]);

interface DecisionProps {
  request: PageRequest;
  escalation: PresentedEscalation;
  errors: FormErrors;
}

/** What the reviewer can do now: claim, resolve, release, and write a note. */
export function Decision({ request, escalation, errors }: DecisionProps) {
  const { session, form: posted, can } = request;
  if (!can('review')) return null;
  const { id, status, claimed_by: claimer } = escalation;
  const isMine = claimer?.id === session.caller.actor.id;
  const mayDecide = status === 'claimed' && (isMine || can('configure'));
  const path = `/escalations/${id}`;
  return (
    <section class="card" aria-label="Decision">
      <h2>Decision</h2>
      {status === 'open' && (
        <PostForm session={session} action={`${path}/claim`}>
          <p>Nobody has claimed it yet. Claim it to show others that you decide.</p>
          <p>
            <button class="primary" data-key="c">
              Claim
            </button>
          </p>
        </PostForm>
      )}
      {mayDecide && (
        <PostForm session={session} action={`${path}/resolve`}>
          <Fields state={{ form: resolveForm, values: resolveForm.read(posted), errors }} />
          <p>
            <button class="primary">Resolve</button>
          </p>
        </PostForm>
      )}
      {status === 'claimed' && !isMine && (
        <p class="dim">{`${claimer?.name ?? 'Somebody'} has claimed it and decides.`}</p>
      )}
      {mayDecide && (
        <PostForm session={session} action={`${path}/release`}>
          <p>
            <button>Release</button>
          </p>
        </PostForm>
      )}
      {status === 'resolved' && (
        <p>{`${escalation.resolved_by?.name ?? 'Its source'} decided: ${escalation.resolution ?? ''}.`}</p>
      )}
      <PostForm session={session} action={`${path}/notes`}>
        <Fields state={{ form: noteForm, values: noteForm.read(posted), errors }} />
        <button>Add note</button>
      </PostForm>
    </section>
  );
}
