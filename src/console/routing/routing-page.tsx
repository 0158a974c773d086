import type { ConnectionDoc } from '../../integrations/connections/model.js';
import type { Routing } from '../../escalations/routing/routing.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { ErrorSummary } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { Differences, Etag, type Difference } from '../parts/meanwhile.js';
import { type RoutingFields, severitiesDown } from './routing-form.js';
import { RoutingFacts } from './routing-facts.js';
import { asOptions, SelectField } from '../parts/select-field.js';
import { SeverityRows } from './severity-rows.js';
import { RoutingHead } from './tabs.js';

export const routingPath = '/settings/routing';

/** A connection that tickets can go to. */
export type Target = Pick<ConnectionDoc, '_id' | 'name' | 'provider'>;

interface RoutingPageProps {
  request: PageRequest;
  routing: Routing;
  version: number;
  fields: RoutingFields;
  connections: readonly Target[];
  /** What tickets go through where no connection is named. */
  usual: string;
  errors: FormErrors;
  /** After a lost update. */
  differences: Difference[] | null;
}

/** Where an org's escalations go: tickets, the tracker's words for severities, and the clocks. */
export function RoutingPage(props: RoutingPageProps) {
  const { request, routing, connections, usual, errors, differences } = props;
  return (
    <>
      <RoutingHead at={routingPath} />
      <ErrorSummary errors={errors} />
      {differences !== null && <Differences differences={differences} discard={routingPath} />}
      {request.can('configure') ? (
        <RoutingForm {...props} />
      ) : (
        <RoutingFacts {...{ routing, usual }} connection={connections.find(isOf(routing))} />
      )}
    </>
  );
}

const isOf =
  ({ ticket }: Routing) =>
  ({ _id }: Target) =>
    _id === ticket.connection_id;

function RoutingForm({ request, version, fields, connections, usual, errors }: RoutingPageProps) {
  const value = (name: string) => fields[name] ?? '';
  const chosen = value('ticket.connection_id');
  const isKnown = chosen === '' || connections.some(({ _id }) => _id === chosen);
  return (
    <form method="post" action={routingPath}>
      <FormToken session={request.session} />
      <Etag version={version} />
      <section aria-labelledby="tickets">
        <h2 id="tickets">Tickets</h2>
        <label class="check">
          <input type="checkbox" name="ticket.enabled" checked={value('ticket.enabled') !== ''} />
          <span>Open a ticket for each escalation</span>
        </label>
        <div class="pair">
          <SelectField
            label="From severity"
            name="ticket.min_severity"
            value={value('ticket.min_severity')}
            options={asOptions(severitiesDown)}
            errors={errors}
            help="Less severe ones stay in the queue only."
          />
          <SelectField
            label="Connection"
            name="ticket.connection_id"
            value={chosen}
            options={[
              ['', `Default: ${usual}`],
              ...connections.map(({ _id, name, provider }) => [_id, `${name} (${provider})`] as const),
              ...(isKnown ? [] : [[chosen, `${chosen} (there is none any more)`] as const]),
            ]}
            errors={errors}
          />
          <SelectField
            label="When it is resolved"
            name="on_resolve"
            value={value('on_resolve')}
            options={[
              ['comment', 'comment on the ticket'],
              ['close', 'comment and close the ticket'],
            ]}
            errors={errors}
          />
        </div>
      </section>
      <section aria-labelledby="severities">
        <h2 id="severities">Severities</h2>
        <p class="help">
          What the tracker calls each: a word (Jira’s <code>Highest</code>), or impact and urgency (ServiceNow’s{' '}
          <code>1</code> and <code>1</code>). Empty: as it is here. A connection’s own map comes first. A severity
          without minutes has no clock; clocks run day and night.
        </p>
        <SeverityRows fields={fields} errors={errors} />
      </section>
      <p class="save">
        <button class="primary">Save</button>{' '}
        <span class="dim">Escalations that have been raised keep what they were raised with.</span>
      </p>
    </form>
  );
}
