import type { ConnectionTest } from '../../integrations/connections/checks.js';
import type { ConnectionState } from '../../integrations/connections/health.js';
import { Badge } from '../parts/badge.js';
import { CheckList } from '../parts/checks.js';
import { FormToken } from '../parts/form-token.js';
import { Time } from '../parts/time.js';
import type { PageRequest } from '../page.js';

/** In a word; the page of the connection says the rest. */
export function HealthBadge({ state }: { state: ConnectionState }) {
  switch (state.kind) {
    case 'ok':
      return <Badge tone="good">ok</Badge>;
    case 'sealed':
      return <Badge tone="bad">cannot be opened</Badge>;
    case 'refused':
      return <Badge tone="bad">refused</Badge>;
    case 'held':
      return <Badge tone="warn">waiting</Badge>;
  }
}

/** Since when, and what happens next. */
export function HealthWords({ state }: { state: ConnectionState }) {
  switch (state.kind) {
    case 'ok':
      return <>Calls go through.</>;
    case 'sealed':
      return (
        <>
          Its secrets cannot be opened: is a key missing from <code>ENCRYPTION_KEYS_OLD</code>? Store the secrets again,
          or bring the key back.
        </>
      );
    case 'refused':
      return (
        <>
          Refused <Time at={state.since} />: the tracker does not take the credentials, and calls are held back. The
          next one is tried <NextTry at={state.nextTryAt} />. Or store new credentials.
        </>
      );
    case 'held':
      return (
        <>
          The tracker asked to be left alone: what waits goes on <Time at={state.until} />.
        </>
      );
  }
}

/** In the list as well. */
export const NextTry = ({ at }: { at: Date }) => (at > new Date() ? <Time at={at} /> : <>at once</>);

interface StandingProps {
  request: PageRequest;
  id: string;
  state: ConnectionState;
  /** Of the test that was just run. */
  tested?: ConnectionTest;
}

/** How it is, and the test, whose answer takes this card's place. */
export function Standing({ request: { session, can }, id, state, tested }: StandingProps) {
  const words = state.kind === 'refused' || state.kind === 'held' ? state.words : '';
  const action = `/settings/connections/${id}/test`;
  return (
    <section class="card" id="standing" aria-label="Health">
      <h2>
        Health <HealthBadge state={state} />
      </h2>
      <p>
        <HealthWords state={state} />
      </p>
      {words !== '' && <p class="error text">{words}</p>}
      {tested && (
        <div role="status">
          <p>{tested.ok ? 'Tested just now: nothing is missing.' : 'Tested just now: tickets would fail.'}</p>
          <CheckList checks={tested.checks} />
        </div>
      )}
      {can('configure') && (
        <form
          {...{ method: 'post', action, 'hx-post': action, 'hx-target': '#standing', 'hx-swap': 'outerHTML' }}
          hx-disabled-elt="find button"
        >
          <FormToken session={session} />
          <p class="actions">
            <button>Test</button>
            <span class="waiting dim">Looking, up to 20 s…</span>
          </p>
        </form>
      )}
    </section>
  );
}
