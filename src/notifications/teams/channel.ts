import type { NotificationAnswer, NotificationChannel, NotificationHttp } from '../port.js';
import { jsonBytes, postJson } from '../post.js';
import { formatTeams } from './format.js';

const errorMessages = new Map([
  [400, 'the workflow is turned off, or does not take the card.'],
  [401, 'the signature in its URL is not valid any more.'],
  [403, 'the signature in its URL is not valid any more.'],
  [404, 'there is no such workflow.'],
  [413, 'the card is too large.'],
]);

/** A Workflows webhook of Microsoft Teams. @param url the whole of it is a secret */
export function createTeamsChannel({ url, http }: { url: string; http: NotificationHttp }): NotificationChannel {
  const target = new URL(url);
  return {
    type: 'teams',
    send: (notification, { signal }) => {
      const body = jsonBytes(formatTeams(notification));
      return postJson({ http, service: 'Microsoft Teams', url: target, body, signal, hint });
    },
  };
}

const hint = ({ status }: NotificationAnswer) => errorMessages.get(status) ?? null;
