import { escalationKinds } from '../../escalations/model.js';
import type { Policy } from '../../escalations/policies/evaluate.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { Badge, SeverityBadge } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { Dangerous } from '../parts/dangerous.js';
import { ErrorSummary, TextField } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { JsonField, jsonText } from './json-field.js';
import { Differences, Etag, type Difference } from '../parts/meanwhile.js';
import { policiesPath, policyPath } from './policies-page.js';
import type { PolicyFields } from './policy-form.js';
import { severitiesDown } from './routing-form.js';
import { asOptions, SelectField } from '../parts/select-field.js';

interface PolicyPageProps {
  request: PageRequest;
  /** Null for a new one. */
  policy: Policy | null;
  version: number;
  fields: PolicyFields;
  errors: FormErrors;
  differences: Difference[] | null;
}

/** One policy: what it matches, and what that raises. */
export function PolicyPage(props: PolicyPageProps) {
  const { request, policy, version, errors, differences } = props;
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href={policiesPath}>Policies</a>
            {policy && (
              <>
                {' / '}
                <CopyableId id={policy.id} />
              </>
            )}
          </p>
          <h1>{policy?.name ?? 'Add a policy'}</h1>
        </div>
      </div>
      <ErrorSummary errors={errors} />
      {differences !== null && (
        <Differences differences={differences} discard={policy ? policyPath(policy.id) : policiesPath} />
      )}
      {request.can('configure') ? <PolicyForm {...props} /> : policy && <PolicyFacts policy={policy} />}
      {request.can('configure') && policy && (
        <Dangerous
          session={request.session}
          action={`${policyPath(policy.id)}/remove`}
          ask="Remove…"
          confirm="Remove the policy"
        >
          <Etag version={version} />
          Events that only it matches are escalated no more. Escalations that it raised stay.
        </Dangerous>
      )}
    </>
  );
}

function PolicyForm({ request, policy, version, fields, errors }: PolicyPageProps) {
  return (
    <form method="post" action={policy ? policyPath(policy.id) : policiesPath}>
      <FormToken session={request.session} />
      <Etag version={version} />
      <TextField label="Name" name="name" value={fields.name} errors={errors} required maxlength={200} />
      <JsonField
        label="Match"
        name="match"
        value={fields.match}
        rows={Math.min(24, Math.max(8, fields.match.split('\n').length + 1))}
        errors={errors}
        help={<MatchHelp />}
      />
      <div class="pair">
        <SelectField
          label="Severity"
          name="severity"
          value={fields.severity}
          options={asOptions(severitiesDown)}
          errors={errors}
        />
        <SelectField
          label="Kind"
          name="kind"
          value={fields.kind}
          options={asOptions(escalationKinds)}
          errors={errors}
          help="What a reviewer is asked for."
        />
        <TextField
          label="Place"
          name="place"
          type="number"
          value={fields.place}
          errors={errors}
          help="1 is asked first."
        />
      </div>
      <TextField
        label="Title"
        name="title"
        value={fields.title}
        errors={errors}
        maxlength={500}
        help="Of the escalations that it raises. Empty: its name."
      />
      <label class="check">
        <input type="checkbox" name="enabled" checked={fields.enabled !== ''} />
        <span>On</span>
      </label>
      <p class="save">
        <button class="primary">{policy ? 'Save' : 'Add policy'}</button>
      </p>
    </form>
  );
}

const MatchHelp = () => (
  <>
    <p>
      A condition on the event’s <code>data</code>, as JSON. Fields with dots: <code>gateway.environment</code>; a plain
      value has to be equal, and all fields have to hold. <code>{'{}'}</code> matches every event.
    </p>
    <p>
      Compare with <code>$eq</code> <code>$ne</code> <code>$gt</code> <code>$gte</code> <code>$lt</code>{' '}
      <code>$lte</code>, lists with <code>$in</code> <code>$nin</code>, presence with <code>$exists</code>; turn round
      with <code>$not</code>; join with <code>$and</code> <code>$or</code> <code>$nor</code>. At most 8 levels and 100
      nodes; no code, no regular expressions.
    </p>
  </>
);

const PolicyFacts = ({ policy }: { policy: Policy }) => (
  <>
    <dl class="facts">
      <dt>State</dt>
      <dd>
        <Badge tone={policy.enabled ? 'good' : 'neutral'}>{policy.enabled ? 'on' : 'off'}</Badge>
      </dd>
      <dt>Severity</dt>
      <dd>
        <SeverityBadge severity={policy.severity} />
      </dd>
      <dt>Kind</dt>
      <dd>{policy.kind}</dd>
      <dt>Title</dt>
      <dd>{policy.title ?? policy.name}</dd>
    </dl>
    <h2>Match</h2>
    <pre tabindex={0}>{jsonText(policy.match)}</pre>
  </>
);
