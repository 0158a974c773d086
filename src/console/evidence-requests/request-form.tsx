import type { FormErrors } from '../form.js';
import { ErrorSummary, Field, TextField } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import type { Session } from '../session/sessions.js';
import type { Typed } from './input.js';

interface RequestFormProps {
  session: Pick<Session, 'formToken'>;
  action: string;
  typed: Typed;
  errors: FormErrors;
  /** The button. */
  label: string;
  primary?: boolean;
}

/** What an evidence request says, for making and for changing one. */
export function RequestForm({ session, action, typed, errors, label, primary = false }: RequestFormProps) {
  return (
    <form method="post" action={action}>
      <ErrorSummary errors={errors} />
      <FormToken session={session} />
      <TextField label="Title" name="title" value={typed.title} errors={errors} required maxlength={500} />
      <Field label="Description" name="description" errors={errors} help="What is asked for, and how it should look.">
        {(control) => (
          <textarea {...control} rows={6} maxlength={32_000}>
            {typed.description}
          </textarea>
        )}
      </Field>
      <Field label="Due" name="due_at" errors={errors} help={<span data-zone-of="due_at">In UTC.</span>}>
        {(control) => <input {...control} type="datetime-local" value={typed.due_at} data-offset="due_offset" />}
      </Field>
      <input type="hidden" name="due_offset" id="due_offset" value={typed.due_offset} />
      <TextField
        label="Assignee"
        name="assignee"
        value={typed.assignee}
        errors={errors}
        maxlength={200}
        help="Who is to bring it: a name or an address."
      />
      <Field label="Controls" name="control_refs" errors={errors} help="One a line, such as SOC2 CC6.1.">
        {(control) => (
          <textarea {...control} rows={3}>
            {typed.control_refs}
          </textarea>
        )}
      </Field>
      <p>
        <button class={primary ? 'primary' : undefined}>{label}</button>
      </p>
    </form>
  );
}
