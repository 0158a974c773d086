import type { Timings } from '../../config/index.js';
import type { GuardedClient } from '../../http/client/client.js';
import { createGuardedHttp } from '../guarded-http.js';
import { createJiraProvider } from '../jira/provider.js';
import type { TicketDraft, TicketProvider } from '../port.js';
import { createServiceNowProvider } from '../servicenow/provider.js';
import { createWebhookProvider } from '../webhook/provider.js';
import { EncryptionError, type Cipher } from '../../lib/encryption.js';
import { readMap, type SeverityMap } from './maps.js';
import type { ConnectionDoc, SecretName } from './model.js';
import { openSecret } from './secrets.js';
import type { JiraConnection, ServiceNowConnection, WebhookConnection } from './settings.js';

export interface BuildDeps {
  cipher: Pick<Cipher, 'decrypt'>;
  /** Every address is one that an org has set. */
  http: GuardedClient;
  timings: Pick<Timings, 'trackers'>;
}

/** A connection that can be called. */
export interface BuiltConnection {
  provider: TicketProvider;
  webhookSecret: string | null;
}

/** Opens a connection's secrets, and makes its provider. @returns null when they do not open: their key may come back */
export function buildConnection(deps: BuildDeps, connection: ConnectionDoc): BuiltConnection | null {
  try {
    const open = (name: SecretName) => openSecret(deps.cipher, connection, name);
    return { provider: buildProvider(deps, connection, open), webhookSecret: open('webhook_secret') };
  } catch (error) {
    if (error instanceof EncryptionError) return null;
    throw error;
  }
}

/** Comments and fields in lists of a tracker are far more than what a receiver of webhooks answers. */
const longAnswers = { maxBodyBytes: 4 * 1024 * 1024 };

function buildProvider(
  { http: client, timings }: BuildDeps,
  { org_id: org, provider, settings, severity_map: severityMap, field_map }: ConnectionDoc,
  open: (name: SecretName) => string | null,
): TicketProvider {
  const { lookAfterMs, createAgainAfterMs } = timings.trackers;
  const common = () => ({
    severityMap,
    fieldMap: readMap(field_map),
    http: createGuardedHttp(client, { org, ...longAnswers }),
    lookAfterMs,
    createAgainAfterMs,
  });
  switch (provider) {
    case 'webhook': {
      const { url } = settings as WebhookConnection;
      const secret = open('webhook_secret') ?? '';
      return withSeverities(
        createWebhookProvider({ url, secret, http: createGuardedHttp(client, { org }) }),
        severityMap,
      );
    }
    case 'jira': {
      const { base_url: baseUrl, email, project_key: projectKey, issue_type: issueType } = settings as JiraConnection;
      const apiToken = open('api_token') ?? '';
      return createJiraProvider({ baseUrl, email, apiToken, projectKey, issueType, ...common() });
    }
    case 'servicenow': {
      const { base_url: baseUrl, auth, username, client_id, ...rest } = settings as ServiceNowConnection;
      return createServiceNowProvider({
        ...{ baseUrl, auth, username, clientId: client_id },
        apiToken: open('api_token') ?? undefined,
        clientSecret: open('client_secret') ?? undefined,
        ...{ table: rest.table, closeCode: rest.close_code, commentField: rest.comment_field },
        ...common(),
      });
    }
  }
}

/** The connection's own words for severities win over those that routing gave the ticket. */
function withSeverities(provider: TicketProvider, map: SeverityMap): TicketProvider {
  const mapped = <T extends TicketDraft>(draft: T): T => {
    const { severity } = draft.metadata;
    return { ...draft, severity: (severity && map[severity]) ?? draft.severity };
  };
  return {
    ...provider,
    create: (draft, options) => provider.create(mapped(draft), options),
    comment: (ticket, comment, options) => provider.comment(mapped(ticket), comment, options),
    close: (ticket, options) => provider.close(mapped(ticket), options),
  };
}
