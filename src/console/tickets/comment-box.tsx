import type { FormErrors } from '../forms/errors.js';
import type { FormValues } from '../forms/field.js';
import { Fields } from '../forms/fields.js';
import { defineForm } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import type { PageRequest } from '../page.js';

export const commentForm = defineForm([
  {
    name: 'comment',
    label: 'Comment',
    kind: 'textarea',
    path: 'body',
    rows: 3,
    required: true,
    maxLength: 32_000,
    attributes: { 'data-sends': true, 'aria-keyshortcuts': 'Control+Enter' },
  },
]);

interface CommentFieldProps {
  values: FormValues;
  errors: FormErrors;
  /** For an answer to htmx: replaces the field on the page. */
  outOfBand?: boolean;
}

export const CommentField = ({ values, errors, outOfBand = false }: CommentFieldProps) => (
  <div id="comment-field" hx-swap-oob={outOfBand ? 'true' : undefined}>
    <Fields state={{ form: commentForm, values, errors }} />
  </div>
);

interface CommentBoxProps extends CommentFieldProps {
  request: PageRequest;
  path: string;
  primary: boolean;
}

/** Stands outside of the part that refreshes itself, which would discard the text being typed. */
export const CommentBox = ({ request, path, primary, values, errors }: CommentBoxProps) => (
  <PostForm
    class="comment"
    session={request.session}
    action={`${path}/comments`}
    inPlace={{ swap: 'none' }}
    hx-sync="this:drop"
  >
    <CommentField values={values} errors={errors} />
    <p class="actions">
      <button class={primary ? 'primary' : undefined}>Comment</button>
      <span class="dim" data-script hidden>
        or <kbd>Ctrl</kbd> <kbd>Enter</kbd>
      </span>
    </p>
  </PostForm>
);
