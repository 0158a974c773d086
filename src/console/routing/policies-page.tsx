import type { Policy } from '../../escalations/policies/evaluate.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { Badge, SeverityBadge } from '../parts/badge.js';
import { Empty } from '../parts/empty.js';
import { ErrorSummary } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { jsonLine } from './json-field.js';
import { Etag } from '../parts/meanwhile.js';
import { RoutingHead } from './tabs.js';

export const policiesPath = '/settings/routing/policies';
export const newPolicyPath = '/settings/routing/new-policy';
export const orderPath = '/settings/routing/order';

export const policyPath = (id: string) => `${policiesPath}/${encodeURIComponent(id)}`;

interface PoliciesProps {
  request: PageRequest;
  policies: readonly Policy[];
  version: number;
  errors: FormErrors;
  /** What was just done, where the list is put in place. */
  done?: string | null;
}

/** The policies in the order in which they are asked. */
export function PoliciesPage(props: PoliciesProps) {
  const mayChange = props.request.can('configure');
  return (
    <>
      <RoutingHead at={policiesPath} />
      <div class="head">
        <p class="dim">
          Each <code>event.created</code> is asked from the top; the first match raises one escalation.
        </p>
        {mayChange && (
          <a class="button primary" href={newPolicyPath}>
            Add policy
          </a>
        )}
      </div>
      {props.policies.length === 0 ? (
        <Empty title="No event is escalated yet">
          {mayChange
            ? 'Add a policy: a condition on an event’s data, and how severe what matches it is.'
            : 'There are no policies.'}
        </Empty>
      ) : (
        <PolicyList {...props} />
      )}
    </>
  );
}

/** The list alone: it is put in place when its order changes. */
export function PolicyList({ request, policies, version, errors, done = null }: PoliciesProps) {
  const mayChange = request.can('configure');
  const table = (
    <div class="table" {...(!mayChange && { tabindex: 0, role: 'region', 'aria-label': 'Policies' })}>
      <table>
        <thead>
          <tr>
            <th scope="col" class="right">
              #
            </th>
            {['Severity', 'Name', 'Kind', 'State', 'Match'].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
            {mayChange && (
              <th scope="col">
                <span class="hidden">Order and state</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {policies.map((policy, index) => (
            <Row key={policy.id} {...{ policy, index, mayChange }} count={policies.length} />
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <div id="policies">
      <ErrorSummary errors={errors} />
      <p class="hidden" role="status">
        {done}
      </p>
      {mayChange ? (
        <form method="post" action={orderPath} hx-post={orderPath} hx-target="#policies" hx-swap="outerHTML">
          <FormToken session={request.session} />
          <Etag version={version} />
          {table}
        </form>
      ) : (
        table
      )}
    </div>
  );
}

function Row({
  policy,
  index,
  count,
  mayChange,
}: {
  policy: Policy;
  index: number;
  count: number;
  mayChange: boolean;
}) {
  const { id, name, severity, kind, enabled, match } = policy;
  const href = policyPath(id);
  return (
    <tr data-href={href}>
      <td class="right dim">{index + 1}</td>
      <td>
        <SeverityBadge severity={severity} />
      </td>
      <td class="what">
        <a href={href}>{name}</a>
      </td>
      <td>{kind}</td>
      <td>
        <Badge tone={enabled ? 'good' : 'neutral'}>{enabled ? 'on' : 'off'}</Badge>
      </td>
      <td class="what">
        <code>{jsonLine(match, 120)}</code>
      </td>
      {mayChange && (
        <td class="right">
          <Act act="up" {...policy} words="Move up" disabled={index === 0}>
            ↑
          </Act>
          <Act act="down" {...policy} words="Move down" disabled={index === count - 1}>
            ↓
          </Act>
          <Act act={enabled ? 'off' : 'on'} {...policy} words={enabled ? 'Turn off' : 'Turn on'}>
            {enabled ? 'Turn off' : 'Turn on'}
          </Act>
        </td>
      )}
    </tr>
  );
}

/** Its id keeps the cursor on it when the list is put in place. At an end it stays where it is, and does nothing. */
const Act = ({
  act,
  id,
  name,
  words,
  disabled = false,
  children,
}: {
  act: string;
  id: string;
  name: string;
  words: string;
  disabled?: boolean;
  children: string;
}) => (
  <button
    class="quiet"
    id={`${act === 'on' || act === 'off' ? 'state' : act}-${id}`}
    name="act"
    value={`${act}:${id}`}
    aria-label={`${words}: ${name}`}
    title={words}
    {...(disabled && { 'aria-disabled': 'true' as const })}
  >
    {children}
  </button>
);
