import type { ChannelDoc } from '../../notifications/approvals/model.js';
import type { ChannelTest } from '../../notifications/approvals/test-call.js';
import type { PageRequest } from '../page.js';
import { Badge } from '../parts/badge.js';
import { FormToken } from '../parts/form-token.js';
import { Time } from '../parts/time.js';
import { channelPath } from './list-page.js';

interface TestCardProps {
  request: PageRequest;
  channel: ChannelDoc;
  test: ChannelTest | null;
}

/** A test, and what came of it. */
export function TestCard({ request, channel, test }: TestCardProps) {
  const action = `${channelPath(channel.id)}/test`;
  return (
    <section class="card" aria-label="Test">
      <h2>Test</h2>
      <p>
        Sends “Test notification from Drawbridge” there, as it is saved
        {channel.enabled ? '.' : ', though it is off.'}
      </p>
      <form method="post" action={action} hx-post={action} hx-target="#answer" hx-swap="innerHTML">
        <FormToken session={request.session} />
        <button>Send test</button>
      </form>
      <div id="answer" aria-live="polite">
        {test && <TestAnswer test={test} />}
      </div>
    </section>
  );
}

export const TestAnswer = ({ test: { ok, status, detail } }: { test: ChannelTest }) => (
  <>
    <p class="outcome">
      <Badge tone={ok ? 'good' : 'bad'}>{ok ? 'taken' : 'not taken'}</Badge>
      {status !== null && <code>{`HTTP ${status}`}</code>}
      <span class="dim">
        <Time at={new Date()} />
      </span>
    </p>
    <p class="text">{detail}</p>
  </>
);
