import type { ChannelDoc } from '../../notifications/approvals/model.js';
import { moments } from '../../notifications/notification.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { Badge, SeverityBadge } from '../parts/badge.js';
import { Empty } from '../parts/empty.js';
import { ErrorSummary } from '../parts/field.js';
import { typeNames } from './channel-words.js';

export const channelsPath = '/approvals/configure';
export const newChannelPath = `${channelsPath}/new`;

export const channelPath = (id: string) => `${channelsPath}/${id}`;

/** A channel and the host of its calls; null when its secrets do not open. */
export interface ShownChannel {
  channel: ChannelDoc;
  host: string | null;
}

/** Who is told of escalations, and where. */
export function ListPage({
  request,
  channels,
  errors,
}: {
  request: PageRequest;
  channels: readonly ShownChannel[];
  errors: FormErrors;
}) {
  const mayChange = request.can('configure');
  return (
    <>
      <div class="head">
        <div>
          <h1>Approvals</h1>
          <p class="dim">Who is told of escalations, each with the link to its review.</p>
        </div>
        {mayChange && (
          <a class="button primary" href={newChannelPath}>
            Add channel
          </a>
        )}
      </div>
      <ErrorSummary errors={errors} />
      {channels.length === 0 ? (
        <Empty title="Nobody is told yet">
          {mayChange
            ? 'Add a channel: Slack, Microsoft Teams, PagerDuty, or a webhook of yours.'
            : 'There are no channels.'}
        </Empty>
      ) : (
        <ChannelTable channels={channels} />
      )}
    </>
  );
}

const ChannelTable = ({ channels }: { channels: readonly ShownChannel[] }) => (
  <div class="table">
    <table>
      <thead>
        <tr>
          {['State', 'Name', 'Type', 'Goes to', 'From severity', 'When'].map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {channels.map(({ channel, host }) => (
          <tr key={channel.id} data-href={channelPath(channel.id)}>
            <td>
              <Badge tone={channel.enabled ? 'good' : 'neutral'}>{channel.enabled ? 'on' : 'off'}</Badge>
            </td>
            <td class="what">
              <a href={channelPath(channel.id)}>{channel.name}</a>
            </td>
            <td>{typeNames[channel.type]}</td>
            <td>
              <Host host={host} />
            </td>
            <td>
              <SeverityBadge severity={channel.min_severity} />
            </td>
            <td>{moments.filter((moment) => channel.moments.includes(moment)).join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const Host = ({ host }: { host: string | null }) =>
  host === null ? <Badge tone="bad">its secrets do not open</Badge> : <code>{host}</code>;
