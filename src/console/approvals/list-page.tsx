import type { ChannelDoc } from '../../notifications/approvals/model.js';
import { moments } from '../../notifications/notification.js';
import type { FormErrors } from '../forms/errors.js';
import { ErrorSummary } from '../forms/fields.js';
import type { PageRequest } from '../page.js';
import { Badge, OnOffBadge, SeverityBadge } from '../parts/badge.js';
import { Empty, HeadRow } from '../parts/list.js';
import { typeLabels } from './labels.js';

export const channelsPath = '/approvals/configure';
export const newChannelPath = `${channelsPath}/new`;

export const channelPath = (id: string) => `${channelsPath}/${id}`;

export interface ChannelView {
  channel: ChannelDoc;
  /** The host of its calls; null when its secrets can't be decrypted. */
  host: string | null;
}

interface ListPageProps {
  request: PageRequest;
  channels: readonly ChannelView[];
  errors: FormErrors;
}

export function ListPage({ request, channels, errors }: ListPageProps) {
  const mayChange = request.can('configure');
  return (
    <>
      <div class="head">
        <div>
          <h1>Approvals</h1>
          <p class="dim">Channels that are notified of escalations, with a link to the review.</p>
        </div>
        {mayChange && (
          <a class="button primary" href={newChannelPath}>
            Add channel
          </a>
        )}
      </div>
      <ErrorSummary errors={errors} />
      {channels.length === 0 ? (
        <Empty title="Nobody is notified yet">
          {mayChange
            ? 'Add a channel: Slack, Microsoft Teams, PagerDuty, or your own webhook.'
            : 'There are no channels.'}
        </Empty>
      ) : (
        <ChannelTable channels={channels} />
      )}
    </>
  );
}

const ChannelTable = ({ channels }: { channels: readonly ChannelView[] }) => (
  <div class="table">
    <table>
      <thead>
        <HeadRow columns={['State', 'Name', 'Type', 'Host', 'From severity', 'When']} />
      </thead>
      <tbody>
        {channels.map(({ channel, host }) => (
          <tr key={channel.id} data-href={channelPath(channel.id)}>
            <td>
              <OnOffBadge isOn={channel.enabled} />
            </td>
            <td class="what">
              <a href={channelPath(channel.id)}>{channel.name}</a>
            </td>
            <td>{typeLabels[channel.type]}</td>
            <td>
              <Host host={host} />
            </td>
            <td>
              <SeverityBadge severity={channel.min_severity} />
            </td>
            <td>{momentsText(channel)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const momentsText = (channel: ChannelDoc) =>
  moments.filter((moment) => channel.moments.includes(moment)).join(', ');

export const Host = ({ host }: { host: string | null }) =>
  host === null ? <Badge tone="bad">its secrets cannot be decrypted</Badge> : <code>{host}</code>;
