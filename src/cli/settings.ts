import { parseUrl } from '../lib/parse-url.js';
import { UsageError } from './errors.js';
import type { everywhere, Values } from './options.js';

/** Where to call, and as whom. */
export interface Settings {
  /** Without a trailing slash and `/api/v1`. @throws UsageError */
  apiUrl: () => string;
  /** @throws UsageError when none is given */
  key: () => string;
  /** Undefined: the key's own. @throws UsageError */
  org: () => string | undefined;
}

type Given = Pick<Values<typeof everywhere>, 'api-url' | 'key' | 'org'>;

/** Options before the environment; an empty variable is none. Nothing that is wrong is repeated: it may be a secret. */
export function settingsOf(given: Given, env: NodeJS.ProcessEnv): Settings {
  return {
    apiUrl: () => readUrl(given['api-url'] ?? set(env.KT_API_URL) ?? 'http://localhost:8080'),
    key() {
      const key = given.key ?? set(env.KT_API_KEY);
      if (key === undefined) {
        throw new UsageError(
          'Missing: an API key. Set KT_API_KEY. `npm start` prints an admin key, and `kt key create` makes keys for an org.',
        );
      }
      // A header could not carry it, and the error of a fetch would quote it.
      if (!/^[\x21-\x7e]+$/.test(key))
        throw new UsageError('The API key has a space, a line break or a letter too many.');
      return key;
    },
    org() {
      const org = given.org ?? set(env.KT_ORG);
      if (org === undefined || /^[a-z0-9][a-z0-9-]{1,38}$/.test(org)) return org;
      throw new UsageError('The org (--org, KT_ORG) must be its id: lower-case letters, digits and hyphens.');
    },
  };
}

const set = (variable: string | undefined) => (variable === '' ? undefined : variable);

function readUrl(text: string): string {
  const url = parseUrl(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('The API’s address (--api-url, KT_API_URL) must be a URL such as http://localhost:8080.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('The API’s address (--api-url, KT_API_URL) must not carry a name or a password.');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}
