import type { ApiClient } from './api-client.js';
import { at } from './command.js';
import { UsageError } from './errors.js';
import type { Settings } from './settings.js';

/** Puts paths below the org: the one that was named, else the key's own, for which the API is asked once. */
export function orgPaths({ org }: Settings, api: ApiClient): (path: string) => Promise<string> {
  let named: string | undefined;
  return async (path) => {
    named ??= org() ?? (await ownOrg(api));
    return at`/orgs/${named}` + path;
  };
}

async function ownOrg(api: ApiClient): Promise<string> {
  const { body } = await api.get<{ org: { id: string } | null }>('/whoami');
  if (body.org !== null) return body.org.id;
  throw new UsageError(
    'Missing: the org. This key is for all of them: give --org or KT_ORG; `kt org list` lists them.',
  );
}
