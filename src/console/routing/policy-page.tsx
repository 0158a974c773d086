import type { Policy } from '../../escalations/policies/evaluate.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import type { FormState } from '../forms/form.js';
import { jsonText } from '../forms/json.js';
import { Dangerous, PostForm } from '../forms/post-form.js';
import { Differences, Etag, type Difference } from '../forms/stale-edit.js';
import type { PageRequest } from '../page.js';
import { OnOffBadge, SeverityBadge } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { policiesPath, policyPath } from './head.js';

interface PolicyPageProps {
  request: PageRequest;
  /** Null for a new one. */
  policy: Policy | null;
  version: number;
  state: FormState;
  /** After a stale edit. */
  differences: Difference[] | null;
}

/** One policy: its condition, and the escalation that it raises. */
export function PolicyPage({ request, policy, version, state, differences }: PolicyPageProps) {
  const path = policy ? policyPath(policy.id) : policiesPath;
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
      <ErrorSummary errors={state.errors} />
      {differences !== null && <Differences differences={differences} discardPath={path} />}
      {request.can('configure') ? (
        <PostForm session={request.session} action={path}>
          <Etag version={version} />
          <Fields state={state} only={['name', 'match']} />
          <div class="pair">
            <Fields state={state} only={['severity', 'kind', 'place']} />
          </div>
          <Fields state={state} only={['title', 'enabled']} />
          <p class="save">
            <button class="primary">{policy ? 'Save' : 'Add policy'}</button>
          </p>
        </PostForm>
      ) : (
        policy && <PolicyFacts policy={policy} />
      )}
      {request.can('configure') && policy && (
        <Dangerous session={request.session} action={`${path}/remove`} ask="Remove…" confirm="Remove the policy">
          <Etag version={version} />
          Events that match no other policy are no longer escalated. Escalations that it has raised stay.
        </Dangerous>
      )}
    </>
  );
}

/** For readers, instead of the form. */
const PolicyFacts = ({ policy }: { policy: Policy }) => (
  <>
    <dl class="facts">
      <dt>State</dt>
      <dd>
        <OnOffBadge isOn={policy.enabled} />
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
