import type { FormErrors } from '../forms/errors.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import { defineForm } from '../forms/form.js';
import type { FormValues } from '../forms/field.js';

export const loginForm = defineForm([
  {
    name: 'key',
    label: 'API key',
    kind: 'password',
    htmlRequired: true,
    autocomplete: 'off',
    autofocus: true,
    writeOnly: true,
    parse: (typed) => typed.trim(),
  },
  {
    name: 'person',
    label: 'Your name or e-mail',
    kind: 'text',
    empty: 'null',
    autocomplete: 'email',
    maxLength: 200,
    help: 'For a key that several people share: the name is recorded with your decisions. Leave it empty for a key of your own.',
  },
]);

interface LoginPageProps {
  /** The path to continue at. */
  returnTo: string;
  values: FormValues;
  errors: FormErrors;
}

export const LoginPage = ({ returnTo, values, errors }: LoginPageProps) => (
  <>
    <h1>Sign in to Drawbridge</h1>
    <p class="dim">Use an API key of your org, or the administrator’s key.</p>
    <ErrorSummary errors={errors} />
    <form method="post" action="/login">
      <input type="hidden" name="next" value={returnTo} />
      <Fields state={{ form: loginForm, values, errors }} />
      <button class="primary">Sign in</button>
    </form>
  </>
);
