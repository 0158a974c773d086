import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import type { FormValues } from '../forms/field.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import { defineForm, type FormState } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import type { Session } from '../session/sessions.js';

export const requestForm = defineForm([
  { name: 'title', label: 'Title', kind: 'text', required: true, maxLength: 500 },
  {
    name: 'description',
    label: 'Description',
    kind: 'textarea',
    rows: 6,
    maxLength: 32_000,
    help: 'The evidence that is asked for, and its form.',
  },
  {
    name: 'due_at',
    label: 'Due',
    kind: 'datetime',
    offsetName: 'due_offset',
    // The control has minutes only; saving must not drop the seconds of a stored time.
    onlyIfChanged: true,
  },
  {
    name: 'assignee',
    label: 'Assignee',
    kind: 'text',
    empty: 'null',
    maxLength: 200,
    help: 'The person who provides it: a name or an address.',
  },
  { name: 'control_refs', label: 'Controls', kind: 'lines', rows: 3, help: 'One per line, such as SOC2 CC6.1.' },
]);

export const storedValues = (request: EvidenceRequestDoc): FormValues => ({
  title: request.title,
  description: request.description,
  due_at: request.due_at?.toISOString().slice(0, 16) ?? '',
  due_offset: '',
  assignee: request.assignee ?? '',
  control_refs: request.control_refs.join('\n'),
});

interface RequestFormProps {
  session: Pick<Session, 'formToken'>;
  action: string;
  state: FormState;
  button: string;
  primary?: boolean;
}

export const RequestForm = ({ session, action, state, button, primary = false }: RequestFormProps) => (
  <PostForm session={session} action={action}>
    <ErrorSummary errors={state.errors} />
    <Fields state={state} />
    <p>
      <button class={primary ? 'primary' : undefined}>{button}</button>
    </p>
  </PostForm>
);
