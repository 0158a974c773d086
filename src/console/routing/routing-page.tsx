import type { Routing } from '../../escalations/routing/routing.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import type { FormState } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import { Differences, Etag, type Difference } from '../forms/stale-edit.js';
import type { PageRequest } from '../page.js';
import { RoutingHead, routingPath } from './head.js';
import { RoutingFacts } from './routing-facts.js';
import { SeverityTable } from './severity-table.js';
import type { Targets } from './targets.js';

interface RoutingPageProps {
  request: PageRequest;
  routing: Routing;
  version: number;
  targets: Targets;
  state: FormState;
  /** After a stale edit. */
  differences: Difference[] | null;
}

/** What happens to an org's escalations: tickets, the tracker's names for severities, and deadlines. */
export function RoutingPage({ request, routing, version, targets, state, differences }: RoutingPageProps) {
  return (
    <>
      <RoutingHead at={routingPath} />
      <ErrorSummary errors={state.errors} />
      {differences !== null && <Differences differences={differences} discardPath={routingPath} />}
      {request.can('configure') ? (
        <RoutingForm request={request} version={version} state={state} />
      ) : (
        <RoutingFacts routing={routing} targets={targets} />
      )}
    </>
  );
}

const RoutingForm = ({ request, version, state }: Pick<RoutingPageProps, 'request' | 'version' | 'state'>) => (
  <PostForm session={request.session} action={routingPath}>
    <Etag version={version} />
    <section aria-labelledby="tickets">
      <h2 id="tickets">Tickets</h2>
      <Fields state={state} only={['ticket.enabled']} />
      <div class="pair">
        <Fields state={state} only={['ticket.min_severity', 'ticket.connection_id', 'on_resolve']} />
      </div>
    </section>
    <section aria-labelledby="severities">
      <h2 id="severities">Severities</h2>
      <p class="help">
        The tracker’s name for each severity: a word (Jira’s <code>Highest</code>), or impact and urgency (ServiceNow’s{' '}
        <code>1</code> and <code>1</code>). An empty row uses the name from here. A connection’s own map takes
        precedence. A severity without minutes has no deadline. Deadlines run day and night.
      </p>
      <SeverityTable state={state} />
    </section>
    <p class="save">
      <button class="primary">Save</button>{' '}
      <span class="dim">Escalations that were raised before keep the routing of that time.</span>
    </p>
  </PostForm>
);
