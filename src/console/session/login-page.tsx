import { ErrorSummary, TextField } from '../parts/field.js';
import type { FormErrors } from '../form.js';

/** @param next where to go on, a path of ours */
export function LoginPage({ next, person, errors }: { next: string; person: string; errors: FormErrors }) {
  return (
    <>
      <h1>Sign in to Drawbridge</h1>
      <p class="dim">With an API key of your org, or the administrator’s key.</p>
      <ErrorSummary errors={errors} />
      <form method="post" action="/login">
        <input type="hidden" name="next" value={next} />
        <TextField
          label="API key"
          name="key"
          type="password"
          value=""
          autocomplete="off"
          autofocus
          required
          errors={errors}
        />
        <TextField
          label="Your name or e-mail"
          name="person"
          value={person}
          autocomplete="email"
          maxlength={200}
          errors={errors}
          help="For a key that several people share: it is recorded with what you decide. Leave it empty for a key of your own."
        />
        <button class="primary">Sign in</button>
      </form>
    </>
  );
}
