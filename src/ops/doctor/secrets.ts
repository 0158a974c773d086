import type { Config } from '../../config/index.js';
import { parseUrl } from '../../lib/parse-url.js';
import { secretsOfUrl } from '../../integrations/redact.js';

/** Whatever of a configuration must not be read over somebody's shoulder. */
export function secretsIn(config: Config): string[] {
  const { adminApiKey, encryption, temporal, tickets, http, mongodbUri } = config;
  const { settings } = tickets;
  const ticketUrl = settings.TICKET_WEBHOOK_URL === undefined ? null : parseUrl(settings.TICKET_WEBHOOK_URL);
  return [
    adminApiKey,
    ...[encryption.key, ...encryption.oldKeys].map((key) => key.toString('base64')),
    ...userInfoOf(mongodbUri),
    ...(ticketUrl ? secretsOfUrl(ticketUrl) : []),
    ...[temporal.apiKey, http.metricsToken, settings.TICKET_WEBHOOK_SECRET, settings.JIRA_API_TOKEN],
    ...[settings.JIRA_WEBHOOK_SECRET, settings.SERVICENOW_API_TOKEN, settings.SERVICENOW_WEBHOOK_SECRET],
  ].filter((secret): secret is string => secret !== undefined && secret.length > 3);
}

/** A URI of several hosts is no URL. */
function userInfoOf(uri: string): string[] {
  const [, userInfo = ''] = /^mongodb(?:\+srv)?:\/\/([^/?]*)@/.exec(uri) ?? [];
  const at = userInfo.indexOf(':');
  return at < 0 ? [] : [userInfo, userInfo.slice(at + 1)];
}
