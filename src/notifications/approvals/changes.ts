import type { ChannelDoc } from './model.js';

const fields = ['name', 'min_severity', 'moments', 'enabled', 'url', 'routing_key', 'secret'] as const;

/** What an audit record says of a PUT: `channels.chn_1` for one added or removed, else `channels.chn_1.url`. */
export function changedFields(before: readonly ChannelDoc[], after: readonly ChannelDoc[]): string[] {
  const former = new Map(before.map((channel) => [channel.id, channel]));
  const changed = after.flatMap((channel) => {
    const old = former.get(channel.id);
    former.delete(channel.id);
    return old ? differing(old, channel) : [`channels.${channel.id}`];
  });
  return [...changed, ...[...former.keys()].map((id) => `channels.${id}`)];
}

function differing(old: ChannelDoc, channel: ChannelDoc): string[] {
  return fields
    .filter((field) => String(old[field]) !== String(channel[field]))
    .map((field) => `channels.${channel.id}.${field === 'moments' ? 'on' : field}`);
}
