import { ProviderError } from '../../lib/provider-errors.js';
import type { HttpAnswer, HttpClient } from '../http-call.js';
import { failureOf } from '../http-failure.js';
import { createRedactor, type Redact } from '../redact.js';
import { answerJson } from '../answer-text.js';
import { trackerMessage } from '../tracker-message.js';
import { asError, field } from './rows.js';
import type { ServiceNowSettings } from './settings.js';

/** Who we are to an instance. */
export interface Session {
  /**
   * The value of `Authorization`. For OAuth it fetches a token when there is none that lasts.
   * @throws ProviderError: `http_401` when the client is refused
   */
  authorization(signal: AbortSignal): Promise<string>;
  /** Forgets a value that was refused. @returns whether there may be a better one */
  refused(authorization: string): boolean;
  /** Takes our secrets, the tokens of OAuth included, out of a text. */
  redact: Redact;
}

interface Token {
  value: string;
  /** It is not used any more from then on, in Unix milliseconds. */
  until: number;
}

/** A token is renewed this long before its end, or a tenth of its life when that is less. */
const renewBeforeMs = 60_000;
/** As many tokens as are kept to be taken out of texts. */
const remembered = 3;
/** What instances give when they are not told otherwise. */
const defaultLifeSeconds = 1800;
const maxLifeSeconds = 24 * 60 * 60;

/** @param base the instance, without a trailing slash */
export function createSession(base: string, settings: ServiceNowSettings, http: HttpClient): Session {
  const { auth, username = '', apiToken = '', clientId = '', clientSecret = '' } = settings;
  if (auth === 'oauth') return oauthSession(base, { clientId, clientSecret }, http);
  const basic = Buffer.from(`${username}:${apiToken}`).toString('base64');
  const value = auth === 'basic' ? `Basic ${basic}` : `Bearer ${apiToken}`;
  return {
    authorization: () => Promise.resolve(value),
    refused: () => false,
    redact: createRedactor([apiToken, basic]),
  };
}

function oauthSession(base: string, client: { clientId: string; clientSecret: string }, http: HttpClient): Session {
  const url = new URL(`${base}/oauth_token.do`);
  let token: Token | null = null;
  /** One request for all who wait. */
  let pending: Promise<Token> | null = null;
  /** The last ones, the newest first: an answer may repeat one that is not used any more. */
  let given: string[] = [];
  const redact: Redact = (text) => createRedactor([client.clientSecret, ...given])(text);

  async function fetchToken(signal: AbortSignal): Promise<Token> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    });
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'Drawbridge',
    };
    const body = Buffer.from(form.toString(), 'utf8');
    const answer = await http.call({ method: 'POST', url, headers, body, signal });
    token = tokenIn(answer, redact);
    given = [token.value, ...given].slice(0, remembered);
    return token;
  }

  async function current(signal: AbortSignal): Promise<Token> {
    for (;;) {
      if (token && token.until > Date.now()) return token;
      pending ??= fetchToken(signal).finally(() => (pending = null));
      try {
        return await pending;
      } catch (error) {
        // It was another one's call that was given up, not ours.
        const isOthers = error instanceof ProviderError && error.code === 'aborted' && !signal.aborted;
        if (!isOthers) throw error;
      }
    }
  }

  return {
    authorization: async (signal) => `Bearer ${(await current(signal)).value}`,
    refused(authorization) {
      // Another call may have renewed it meanwhile.
      if (token && authorization === `Bearer ${token.value}`) token = null;
      return true;
    },
    redact,
  };
}

/** @throws ProviderError: `http_401` for every way in which a client is refused */
function tokenIn(answer: HttpAnswer, redact: Redact): Token {
  const body = answerJson(answer);
  const failure = failureOf(answer, redact);
  if (failure?.retryable) throw failure;
  const value = field(body, 'access_token');
  if (value.length > maxTokenLength)
    throw asError('answer_unusable', 'ServiceNow gave a token that is too long to be one.');
  if (failure || value === '') {
    const isOther = failure !== null && ![400, 401, 403].includes(answer.status);
    const message = trackerMessage(`HTTP ${answer.status} from /oauth_token.do`, answer.body, redact);
    throw isOther ? asError(failure.code, message) : asError('http_401', value === '' && !failure ? noToken : message);
  }
  const lifeMs = Math.min(Number(field(body, 'expires_in')) || defaultLifeSeconds, maxLifeSeconds) * 1000;
  return { value, until: Date.now() + lifeMs - Math.min(renewBeforeMs, lifeMs / 10) };
}

/** Servers refuse longer headers. */
const maxTokenLength = 8_192;

const noToken = 'ServiceNow gave no access token for these client credentials.';
