import type { ChannelDoc } from '../../notifications/approvals/model.js';
import type { ChannelTest } from '../../notifications/approvals/test-call.js';
import { ErrorSummary } from '../forms/fields.js';
import type { FormState } from '../forms/form.js';
import { Dangerous, PostForm } from '../forms/post-form.js';
import { Differences, Etag, type Difference } from '../forms/stale-edit.js';
import type { PageRequest } from '../page.js';
import { Badge, OnOffBadge, SeverityBadge } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { Time } from '../parts/time.js';
import { ChannelForm } from './channel-form.js';
import { typeLabels } from './labels.js';
import { channelPath, channelsPath, Host, momentsText, type ChannelView } from './list-page.js';

interface ChannelPageProps {
  request: PageRequest;
  view: ChannelView;
  version: number;
  state: FormState;
  /** After a stale edit. */
  differences: Difference[] | null;
  test: ChannelTest | null;
}

/** One channel: its settings, a test, and its removal. */
export function ChannelPage({ request, view, version, state, differences, test }: ChannelPageProps) {
  const { channel, host } = view;
  const path = channelPath(channel.id);
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href={channelsPath}>Approvals</a> / <CopyableId id={channel.id} />
          </p>
          <h1>{channel.name}</h1>
          <p>
            {typeLabels[channel.type]} · <Host host={host} /> · <OnOffBadge isOn={channel.enabled} />
          </p>
        </div>
      </div>
      <ErrorSummary errors={state.errors} />
      {differences !== null && <Differences differences={differences} discardPath={path} />}
      {request.can('configure') ? (
        <div class="columns">
          <ChannelForm
            request={request}
            type={channel.type}
            state={state}
            version={version}
            action={path}
            button="Save"
          />
          <div>
            <TestCard request={request} channel={channel} test={test} />
            <Dangerous session={request.session} action={`${path}/remove`} ask="Remove…" confirm="Remove the channel">
              <Etag version={version} />
              No more notifications are sent through it, and its {channel.type === 'pagerduty' ? 'key' : 'URL'} is
              deleted. A notification that is being sent may still arrive.
            </Dangerous>
          </div>
        </div>
      ) : (
        <dl class="facts">
          <dt>From severity</dt>
          <dd>
            <SeverityBadge severity={channel.min_severity} />
          </dd>
          <dt>When</dt>
          <dd>{momentsText(channel)}</dd>
        </dl>
      )}
    </>
  );
}

interface TestCardProps {
  request: PageRequest;
  channel: ChannelDoc;
  test: ChannelTest | null;
}

/** The target element of htmx for a test's result. */
export const testResultId = 'answer';

function TestCard({ request, channel, test }: TestCardProps) {
  return (
    <section class="card" aria-label="Test">
      <h2>Test</h2>
      <p>
        Sends “Test notification from Drawbridge” with the saved settings
        {channel.enabled ? '.' : ', even though the channel is off.'}
      </p>
      <PostForm
        session={request.session}
        action={`${channelPath(channel.id)}/test`}
        inPlace={{ target: `#${testResultId}`, swap: 'innerHTML' }}
      >
        <button>Send test</button>
      </PostForm>
      <div id={testResultId} aria-live="polite">
        {test && <TestResult test={test} />}
      </div>
    </section>
  );
}

export const TestResult = ({ test: { ok, status, detail } }: { test: ChannelTest }) => (
  <>
    <p class="outcome">
      <Badge tone={ok ? 'good' : 'bad'}>{ok ? 'accepted' : 'not accepted'}</Badge>
      {status !== null && <code>{`HTTP ${status}`}</code>}
      <span class="dim">
        <Time at={new Date()} />
      </span>
    </p>
    <p class="text">{detail}</p>
  </>
);
