import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { Field } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';

interface CommentFieldProps {
  typed: string;
  errors: FormErrors;
  /** In an answer to htmx: it takes the place of the one that is there. */
  oob?: boolean;
}

/** Emptied, or with what was typed and why it was refused: in place after it was sent. */
export const CommentField = ({ typed, errors, oob = false }: CommentFieldProps) => (
  <div id="comment-field" {...(oob && { 'hx-swap-oob': 'true' })}>
    <Field label="Comment" name="comment" path="body" errors={errors}>
      {(control) => (
        <textarea {...control} rows={3} required maxlength={32_000} data-sends aria-keyshortcuts="Control+Enter">
          {typed}
        </textarea>
      )}
    </Field>
  </div>
);

/** Outside of what is put in place again while something moves: what is being typed stays. */
export function CommentBox({
  request,
  path,
  primary,
  ...field
}: CommentFieldProps & { request: PageRequest; path: string; primary: boolean }) {
  const action = `${path}/comments`;
  return (
    <form class="comment" method="post" action={action} hx-post={action} hx-swap="none" hx-sync="this:drop">
      <FormToken session={request.session} />
      <CommentField {...field} />
      <p class="actions">
        <button class={primary ? 'primary' : undefined}>Comment</button>
        <span class="dim" data-script hidden>
          or <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </span>
      </p>
    </form>
  );
}
