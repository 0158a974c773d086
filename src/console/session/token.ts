import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashKey } from '../../auth/key-format.js';

export interface SessionTokens {
  /** A new cookie's value, and what is stored of it. */
  make: () => { cookie: string; id: string };
  /** What is stored of a cookie; null when it was not signed here. */
  idOf: (cookie: string) => string | null;
  /** The token that each form of a session carries. @param id as stored */
  formToken: (id: string) => string;
  isFormToken: (id: string, given: string) => boolean;
}

/** @param secret the current encryption key: cookies and forms are signed by keys derived from it */
export function createSessionTokens(secret: Buffer): SessionTokens {
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `drawbridge console ${purpose}`, 32));
  const [cookieKey, formKey] = [derived('cookie'), derived('form')];
  const sign = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64url');
  const formToken = (id: string) => sign(formKey, id);
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
    isFormToken: (id, given) => isSame(given, formToken(id)),
  };
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
