import type { NotificationAnswer, NotificationChannel, NotificationHttp } from '../port.js';
import { jsonBytes, postJson } from '../post.js';
import { formatSlack } from './format.js';

/** What Slack says in plain text. Nothing else of an answer is repeated. */
const errorMessages = new Map([
  ['invalid_payload', 'the message has a form that it does not take (invalid_payload).'],
  ['action_prohibited', 'an administrator has restricted the channel (action_prohibited).'],
  ['posting_to_general_channel_denied', 'the workspace restricts its general channel.'],
  ['no_service', 'the incoming webhook is disabled or removed (no_service).'],
  ['no_team', 'there is no such workspace (no_team).'],
  ['invalid_token', 'the URL is not valid any more (invalid_token).'],
  ['channel_not_found', 'the channel does not exist (channel_not_found).'],
  ['channel_is_archived', 'the channel is archived (channel_is_archived).'],
]);

/** A Slack incoming webhook. @param url the whole of it is a secret */
export function createSlackChannel({ url, http }: { url: string; http: NotificationHttp }): NotificationChannel {
  const target = new URL(url);
  return {
    type: 'slack',
    send: (notification, { signal }) =>
      postJson({ http, service: 'Slack', url: target, body: jsonBytes(formatSlack(notification)), signal, hint }),
  };
}

const hint = ({ body }: NotificationAnswer) => errorMessages.get(body.subarray(0, 100).toString('utf8').trim()) ?? null;
