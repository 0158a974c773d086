import type { FormErrors } from '../form.js';
import { noErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { FormToken } from '../parts/form-token.js';
import { Time } from '../parts/time.js';
import { EndpointFields, type Typed } from './endpoint-fields.js';
import type { EndpointView } from './view.js';
import { pathOf } from './words.js';

interface SettingsProps {
  request: PageRequest;
  endpoint: EndpointView;
  /** When what was typed was refused: then it stands in the fields. */
  errors: FormErrors | null;
}

/** What an endpoint is set to, and the form that changes it. */
export function Settings({ request, endpoint, errors }: SettingsProps) {
  const { form, session, can } = request;
  const { headers, events, rate_limit_per_second: rate } = endpoint;
  const typed = errors ? typedOf(form) : storedOf(endpoint);
  return (
    <section aria-label="Settings">
      <h2>Settings</h2>
      <dl class="facts">
        <dt>Events</dt>
        <dd>
          <code>{events.join(', ')}</code>
        </dd>
        <dt>Headers</dt>
        <dd>{headers.length === 0 ? 'none' : <code>{headers.join(', ')}</code>}</dd>
        <dt>Rate limit</dt>
        <dd>{rate === null ? 'none' : `${rate} a second`}</dd>
        <dt>Order</dt>
        <dd>{endpoint.ordered ? 'one at a time, as events came' : 'many at a time'}</dd>
        <dt>Made</dt>
        <dd>
          <Time at={new Date(endpoint.created_at)} />
        </dd>
      </dl>
      {can('configure') && (
        <details class="change" open={errors !== null}>
          <summary>Change…</summary>
          <form method="post" action={pathOf(endpoint.id)}>
            <FormToken session={session} />
            <EndpointFields
              typed={typed}
              errors={errors ?? noErrors}
              headerNames={headers}
              replaceHeaders={form.text('replace_headers') === 'yes'}
            />
            <p class="spaced">
              <button>Save</button>
            </p>
          </form>
        </details>
      )}
    </section>
  );
}

/** What a form of an endpoint holds, as it was typed. */
export const typedOf = (form: PageRequest['form']): Typed => ({
  url: form.raw('url'),
  events: form.all('events'),
  description: form.raw('description'),
  headers: form.raw('headers'),
  rate: form.raw('rate_limit_per_second'),
  ordered: form.has('ordered'),
});

const storedOf = ({ url, events, description, ordered, rate_limit_per_second: rate }: EndpointView): Typed => ({
  ...{ url, events, description, ordered },
  headers: '',
  rate: rate === null ? '' : String(rate),
});
