import { parseUrl } from '../lib/parse-url.js';
import { UsageError } from './errors.js';
import type { globalOptions, Values } from './options.js';
import { withoutTrailingSlashes } from '../lib/text.js';

/** The API to call, and the identity to call it with. Each is read when it is needed: not every command calls the API. */
export interface Settings {
  /** Without a trailing slash and without `/api/v1`. @throws UsageError */
  apiUrl: () => string;
  /** @throws UsageError when no key is set */
  key: () => string;
  /** Undefined when none is set: the org of the key applies. @throws UsageError */
  org: () => string | undefined;
}

type SettingOptions = Pick<Values<typeof globalOptions>, 'api-url' | 'key' | 'org'>;

/** Options take precedence over the environment; an empty variable counts as unset. Errors never repeat a value: it may be a secret. */
export function readSettings(options: SettingOptions, env: NodeJS.ProcessEnv): Settings {
  return {
    apiUrl: () => readUrl(options['api-url'] ?? nonEmpty(env.KT_API_URL) ?? 'http://localhost:8080'),
    key() {
      const key = options.key ?? nonEmpty(env.KT_API_KEY);
      if (key === undefined) {
        throw new UsageError(
          'Missing: an API key. Set KT_API_KEY. `npm start` prints an admin key, and `kt key create` creates keys of an org.',
        );
      }
      // An HTTP header cannot carry other characters, and the error of `fetch` would quote the key.
      if (!/^[\x21-\x7e]+$/.test(key)) {
        throw new UsageError('The API key contains a space, a line break or another character that keys never have.');
      }
      return key;
    },
    org() {
      const org = options.org ?? nonEmpty(env.KT_ORG);
      if (org === undefined || /^[a-z0-9][a-z0-9-]{1,38}$/.test(org)) return org;
      throw new UsageError('The org (--org, KT_ORG) must be its id: lower-case letters, digits and hyphens.');
    },
  };
}

const nonEmpty = (variable: string | undefined) => (variable === '' ? undefined : variable);

function readUrl(text: string): string {
  const url = parseUrl(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('The address of the API (--api-url, KT_API_URL) must be a URL such as http://localhost:8080.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('The address of the API (--api-url, KT_API_URL) must not contain a user name or a password.');
  }
  return withoutTrailingSlashes(url.origin + url.pathname).replace(/\/api\/v1$/, '');
}
