import { readMap } from './maps.js';
import type { ConnectionDoc } from './model.js';
import { secretsOf } from './secrets.js';

/** Whitelisted: of secrets whether they are set. @param publicUrl without a trailing slash */
export const presentConnection = (connection: ConnectionDoc, isDefault: boolean, publicUrl: string) => ({
  id: connection._id,
  org_id: connection.org_id,
  provider: connection.provider,
  name: connection.name,
  default: isDefault,
  settings: connection.settings,
  secrets: Object.fromEntries(secretsOf(connection.provider).map((name) => [name, connection.secrets[name] !== null])),
  severity_map: connection.severity_map,
  status_map: readMap(connection.status_map),
  field_map: readMap(connection.field_map),
  webhook_url: `${publicUrl}/api/v1/webhooks/connections/${connection._id}`,
  created_at: connection.created_at.toISOString(),
  updated_at: connection.updated_at.toISOString(),
});
