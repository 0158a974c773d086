import type { ProblemDetail } from '../../http/problem.js';
import type { ConnectionProvider, SecretName } from './model.js';
import type { ConnectionSettings } from './settings.js';

/** What is missing by the kind of credentials that is chosen; a webhook's secret is made where none is given. */
export function missingOf(
  provider: ConnectionProvider,
  settings: ConnectionSettings,
  hasSecret: (name: SecretName) => boolean,
): ProblemDetail[] {
  const need = (condition: boolean, path: string, when: string) =>
    condition ? [] : [{ path, message: `is required${when}` }];
  if (provider === 'webhook' || !('base_url' in settings)) return [];
  if (!('auth' in settings)) return need(hasSecret('api_token'), 'secrets.api_token', '');
  const { auth, username, client_id } = settings;
  const when = ` with auth ${auth}`;
  if (auth === 'oauth') {
    return [
      ...need(client_id !== undefined, 'settings.client_id', when),
      ...need(hasSecret('client_secret'), 'secrets.client_secret', when),
    ];
  }
  return [
    ...need(auth !== 'basic' || username !== undefined, 'settings.username', when),
    ...need(hasSecret('api_token'), 'secrets.api_token', when),
  ];
}
