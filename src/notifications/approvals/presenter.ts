import type { ApprovalsDoc, ChannelDoc } from './model.js';
import { secretFields } from './secrets.js';

export const presentApprovals = ({ channels }: Pick<ApprovalsDoc, 'channels'>) => ({
  channels: channels.map(presentChannel),
});

/** Whitelisted; of what is sealed only whether it is set. */
function presentChannel(channel: ChannelDoc) {
  const { id, type, name, min_severity, moments, enabled } = channel;
  const secrets = Object.fromEntries(secretFields[type].map((field) => [field, channel[field] !== null]));
  return { id, type, name, min_severity, on: moments, enabled, secrets };
}
