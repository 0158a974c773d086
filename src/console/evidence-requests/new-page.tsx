import type { FormErrors } from '../form.js';
import type { Session } from '../session/sessions.js';
import type { Typed } from './input.js';
import { RequestForm } from './request-form.js';

export const NewPage = (props: { session: Session; typed: Typed; errors: FormErrors }) => (
  <>
    <div class="head">
      <div>
        <p class="dim">
          <a href="/evidence-requests">Evidence requests</a>
        </p>
        <h1>New request</h1>
      </div>
    </div>
    <RequestForm {...props} action="/evidence-requests" label="Make request" primary />
  </>
);
