import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { HttpContext } from '../../http/state.js';
import { hashKey } from '../../auth/key-format.js';

/** The session cookie. Over https its name has the prefix `__Host-`, which ties it to this host. */
export function createSessionCookie({ https }: { https: boolean }) {
  const name = https ? '__Host-drawbridge' : 'drawbridge';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}`;
  return {
    read(ctx: HttpContext): string | undefined {
      const parts = (ctx.req.headers.cookie ?? '').split(';').map((part) => part.trim());
      return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
    },
    // Lax, so that a link in Slack opens the review instead of the login page. Forms of other sites don't carry the cookie.
    write: (ctx: HttpContext, value: string) => ctx.append('Set-Cookie', `${name}=${value}; ${attributes}`),
    clear: (ctx: HttpContext) => ctx.append('Set-Cookie', `${name}=; Max-Age=0; ${attributes}`),
  };
}

export type SessionCookie = ReturnType<typeof createSessionCookie>;

export interface SessionTokens {
  /** A new cookie value, and the session id that is stored for it. */
  make: () => { cookie: string; id: string };
  /** The session id of a cookie value; null when its signature is wrong. */
  idOf: (cookie: string) => string | null;
  /** The token that each form of a session carries. */
  formToken: (sessionId: string) => string;
  isFormToken: (sessionId: string, token: string) => boolean;
}

/** @param secret the current encryption key; the keys that sign cookies and forms are derived from it */
export function createSessionTokens(secret: Buffer): SessionTokens {
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `drawbridge console ${purpose}`, 32));
  const cookieKey = derived('cookie');
  const formKey = derived('form');
  const sign = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64url');
  const formToken = (sessionId: string) => sign(formKey, sessionId);
  return {
    make() {
      const random = randomBytes(32).toString('base64url');
      return { cookie: `${random}.${sign(cookieKey, random)}`, id: hashKey(random) };
    },
    idOf(cookie) {
      const [random = '', signature = ''] = cookie.split('.');
      return isSame(signature, sign(cookieKey, random)) ? hashKey(random) : null;
    },
    formToken,
    isFormToken: (sessionId, token) => isSame(token, formToken(sessionId)),
  };
}

function isSame(given: string, expected: string): boolean {
  const [givenBytes, expectedBytes] = [Buffer.from(given), Buffer.from(expected)];
  return givenBytes.length === expectedBytes.length && timingSafeEqual(givenBytes, expectedBytes);
}
