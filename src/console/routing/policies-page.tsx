import type { Policy } from '../../escalations/policies/evaluate.js';
import type { FormErrors } from '../forms/errors.js';
import { ErrorSummary } from '../forms/fields.js';
import { jsonLine } from '../forms/json.js';
import { PostForm } from '../forms/post-form.js';
import { Etag } from '../forms/stale-edit.js';
import type { PageRequest } from '../page.js';
import { OnOffBadge, SeverityBadge } from '../parts/badge.js';
import { Empty } from '../parts/list.js';
import { newPolicyPath, orderPath, policiesPath, policyPath, RoutingHead } from './head.js';

interface PoliciesProps {
  request: PageRequest;
  policies: readonly Policy[];
  version: number;
  errors: FormErrors;
  /** Announces the change that was just made, when the list is swapped in. */
  announcement?: string | null;
}

/** The policies, in the order of their evaluation. */
export function PoliciesPage(props: PoliciesProps) {
  const mayChange = props.request.can('configure');
  return (
    <>
      <RoutingHead at={policiesPath} />
      <div class="head">
        <p class="dim">
          Each <code>event.created</code> is tested against the policies from the top. The first match raises one
          escalation.
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
            ? 'Add a policy: a condition on an event’s data, and the severity of the escalation.'
            : 'There are no policies.'}
        </Empty>
      ) : (
        <PolicyList {...props} />
      )}
    </>
  );
}

/** The target element of htmx for a changed list. */
export const policyListId = 'policies';

/** Swapped in on its own when the order or a state changes. */
export function PolicyList({ request, policies, version, errors, announcement = null }: PoliciesProps) {
  const mayChange = request.can('configure');
  return (
    <div id={policyListId}>
      <ErrorSummary errors={errors} />
      <p class="hidden" role="status">
        {announcement}
      </p>
      {mayChange ? (
        <PostForm
          session={request.session}
          action={orderPath}
          inPlace={{ target: `#${policyListId}`, swap: 'outerHTML' }}
        >
          <Etag version={version} />
          <div class="table">
            <PolicyTable policies={policies} mayChange />
          </div>
        </PostForm>
      ) : (
        <div class="table" tabindex={0} role="region" aria-label="Policies">
          <PolicyTable policies={policies} mayChange={false} />
        </div>
      )}
    </div>
  );
}

const PolicyTable = ({ policies, mayChange }: { policies: readonly Policy[]; mayChange: boolean }) => (
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
        <tr key={policy.id} data-href={policyPath(policy.id)}>
          <td class="right dim">{index + 1}</td>
          <td>
            <SeverityBadge severity={policy.severity} />
          </td>
          <td class="what">
            <a href={policyPath(policy.id)}>{policy.name}</a>
          </td>
          <td>{policy.kind}</td>
          <td>
            <OnOffBadge isOn={policy.enabled} />
          </td>
          <td class="what">
            <code>{jsonLine(policy.match, 120)}</code>
          </td>
          {mayChange && (
            <td class="right">
              <ActionButtons policy={policy} isFirst={index === 0} isLast={index === policies.length - 1} />
            </td>
          )}
        </tr>
      ))}
    </tbody>
  </table>
);

const ActionButtons = ({ policy, isFirst, isLast }: { policy: Policy; isFirst: boolean; isLast: boolean }) => (
  <>
    <ActionButton policy={policy} action="up" slot="up" label="Move up" text="↑" disabled={isFirst} />
    <ActionButton policy={policy} action="down" slot="down" label="Move down" text="↓" disabled={isLast} />
    <ActionButton
      policy={policy}
      action={policy.enabled ? 'off' : 'on'}
      slot="state"
      label={policy.enabled ? 'Turn off' : 'Turn on'}
      text={policy.enabled ? 'Turn off' : 'Turn on'}
    />
  </>
);

interface ActionButtonProps {
  policy: Policy;
  action: 'up' | 'down' | 'on' | 'off';
  /** Makes the id, which htmx needs to keep the focus when the list is swapped in. */
  slot: string;
  label: string;
  text: string;
  /** The button stays focusable; pressing it changes nothing. */
  disabled?: boolean;
}

const ActionButton = ({ policy: { id, name }, action, slot, label, text, disabled = false }: ActionButtonProps) => (
  <button
    class="quiet"
    id={`${slot}-${id}`}
    name="act"
    value={`${action}:${id}`}
    aria-label={`${label}: ${name}`}
    title={label}
    aria-disabled={disabled ? 'true' : undefined}
  >
    {text}
  </button>
);
