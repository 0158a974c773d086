import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { ErrorSummary } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { EndpointFields, type Typed } from './endpoint-fields.js';
import { gathered } from './endpoint-input.js';

interface NewProps {
  request: PageRequest;
  typed: Typed & { enabled: boolean };
  errors: FormErrors;
}

/** Where an endpoint is made. */
export function NewPage({ request: { session }, typed, errors }: NewProps) {
  const beside = gathered(errors);
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href="/settings/webhooks">Webhooks</a>
          </p>
          <h1>New endpoint</h1>
        </div>
      </div>
      <ErrorSummary errors={beside} />
      <form method="post" action="/settings/webhooks">
        <FormToken session={session} />
        <EndpointFields typed={typed} errors={beside} isNew />
        <label class="check">
          <input type="checkbox" name="enabled" checked={typed.enabled} aria-describedby="enabled-help" />
          Enabled
        </label>
        <p class="help" id="enabled-help">
          Events are sent from now on. Otherwise it can be tested first, and what it missed recovered.
        </p>
        <p class="actions spaced">
          <button class="primary">Make endpoint</button>
          <a href="/settings/webhooks">Cancel</a>
        </p>
      </form>
    </>
  );
}
