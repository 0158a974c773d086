import type { ChannelTest } from '../../notifications/approvals/test-call.js';
import { moments } from '../../notifications/notification.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { Badge, SeverityBadge } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { Dangerous } from '../parts/dangerous.js';
import { ErrorSummary } from '../parts/field.js';
import { Differences, Etag, type Difference } from '../parts/meanwhile.js';
import type { ChannelFields } from './channel-form.js';
import { ChannelForm } from './channel-fields.js';
import { typeNames } from './channel-words.js';
import { channelPath, channelsPath, Host, type ShownChannel } from './list-page.js';
import { TestCard } from './test-card.js';

interface ChannelPageProps {
  request: PageRequest;
  shown: ShownChannel;
  version: number;
  fields: ChannelFields;
  errors: FormErrors;
  differences: Difference[] | null;
  test: ChannelTest | null;
}

/** One channel: what it hears of, whether it answers, and its end. */
export function ChannelPage({ request, shown, version, fields, errors, differences, test }: ChannelPageProps) {
  const { channel, host } = shown;
  const mayChange = request.can('configure');
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
            {typeNames[channel.type]} · <Host host={host} /> ·{' '}
            <Badge tone={channel.enabled ? 'good' : 'neutral'}>{channel.enabled ? 'on' : 'off'}</Badge>
          </p>
        </div>
      </div>
      <ErrorSummary errors={errors} />
      {differences !== null && <Differences differences={differences} discard={path} />}
      {mayChange ? (
        <div class="columns">
          <ChannelForm {...{ request, version, fields, errors }} type={channel.type} stored={channel} action={path} />
          <div>
            <TestCard {...{ request, channel, test }} />
            <Dangerous session={request.session} action={`${path}/remove`} ask="Remove…" confirm="Remove the channel">
              <Etag version={version} />
              Nobody is told through it any more, and its {channel.type === 'pagerduty' ? 'key' : 'URL'} is forgotten.
              What is on its way still arrives or is dropped.
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
          <dd>{moments.filter((moment) => channel.moments.includes(moment)).join(', ')}</dd>
        </dl>
      )}
    </>
  );
}
