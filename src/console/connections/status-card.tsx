import type { ConnectionTest } from '../../integrations/connections/checks.js';
import type { ConnectionState } from '../../integrations/connections/health.js';
import { PostForm } from '../forms/post-form.js';
import { Badge, CheckList } from '../parts/badge.js';
import { Time } from '../parts/time.js';
import type { PageRequest } from '../page.js';

export function HealthBadge({ state }: { state: ConnectionState }) {
  switch (state.kind) {
    case 'ok':
      return <Badge tone="good">ok</Badge>;
    case 'undecryptable':
      return <Badge tone="bad">cannot be decrypted</Badge>;
    case 'refused':
      return <Badge tone="bad">refused</Badge>;
    case 'unreachable':
      return <Badge tone="bad">unreachable</Badge>;
    case 'held':
      return <Badge tone="warn">waiting</Badge>;
  }
}

/** The state in sentences: since when, and what happens next. */
function HealthText({ state }: { state: ConnectionState }) {
  switch (state.kind) {
    case 'ok':
      return <>Calls succeed.</>;
    case 'undecryptable':
      return (
        <>
          Its secrets cannot be decrypted. Restore the missing key in <code>ENCRYPTION_KEYS_OLD</code>, or store the
          secrets again.
        </>
      );
    case 'refused':
      return (
        <>
          Refused <Time at={state.since} />: the tracker does not accept the credentials, and calls are paused. The next
          call is tried <NextTry at={state.nextTryAt} />. Storing new credentials ends the pause.
        </>
      );
    case 'unreachable':
      return (
        <>
          Unreachable since <Time at={state.since} />: calls time out, fail to connect or are answered with a server
          error. Tickets wait, and one call at a time tries whether the tracker answers; the next one{' '}
          <NextTry at={state.nextTryAt} />.
        </>
      );
    case 'held':
      return (
        <>
          The tracker asked for a pause. Waiting calls resume <Time at={state.until} />.
        </>
      );
  }
}

export const NextTry = ({ at }: { at: Date }) => (at > new Date() ? <Time at={at} /> : <>immediately</>);

interface StatusCardProps {
  request: PageRequest;
  id: string;
  state: ConnectionState;
  /** The result of a test that has just run. */
  tested?: ConnectionTest | undefined;
}

/** The connection's health and its test. The test's answer replaces this card. */
export function StatusCard({ request: { session, can }, id, state, tested }: StatusCardProps) {
  const detail = state.kind === 'ok' || state.kind === 'undecryptable' ? '' : state.message;
  return (
    <section class="card" id="connection-status" aria-label="Health">
      <h2>
        Health <HealthBadge state={state} />
      </h2>
      <p>
        <HealthText state={state} />
      </p>
      {detail !== '' && <p class="error text">{detail}</p>}
      {tested && (
        <div role="status">
          <p>{tested.ok ? 'Tested just now: nothing is missing.' : 'Tested just now: tickets would fail.'}</p>
          <CheckList checks={tested.checks} />
        </div>
      )}
      {can('configure') && (
        <PostForm
          session={session}
          action={`/settings/connections/${id}/test`}
          inPlace={{ target: '#connection-status', swap: 'outerHTML' }}
          hx-disabled-elt="find button"
        >
          <p class="actions">
            <button>Test</button>
            <span class="waiting dim">Testing, up to 20 s…</span>
          </p>
        </PostForm>
      )}
    </section>
  );
}
