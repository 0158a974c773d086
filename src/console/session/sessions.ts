import type { Model } from 'mongoose';
import { hashKey } from '../../auth/key-format.js';
import type { Caller } from '../../http/caller.js';
import type { Identify } from '../../http/credentials.js';
import { Problem } from '../../http/problem.js';
import { SealError, type Cipher } from '../../lib/encryption.js';
import type { Check } from '../parts/checks.js';
import type { SessionDoc } from './model.js';
import type { SessionTokens } from './token.js';

type SignedIn = Exclude<Caller, { kind: 'anonymous' }>;

/** Who looks at a page. */
export interface Session {
  id: string;
  caller: SignedIn;
  /** The org that is looked at: its key's, or the one that an administrator has chosen. */
  orgId: string | null;
  /** Which every form of this session carries. */
  formToken: string;
  /** Whether the page before left something to show. */
  hasFlash: boolean;
}

/** What a page shows once: after a redirect, and never again. */
export interface Flash {
  notice?: string;
  /** Shown with a copy button, and the words that it will not be shown again. */
  secret?: { label: string; value: string };
  /** What was found when something was looked at. */
  checks?: Check[];
}

export interface SessionsDeps {
  sessions: Model<SessionDoc>;
  tokens: SessionTokens;
  identify: Identify;
  cipher: Pick<Cipher, 'encrypt' | 'decrypt'>;
}

export type Sessions = ReturnType<typeof createSessions>;

const lifetimeMs = 12 * 60 * 60 * 1000;

/** Sessions in MongoDB: any API process knows them, and none outlives its key. */
export function createSessions({ sessions, tokens, identify, cipher }: SessionsDeps) {
  const placeOf = (id: string) => ({ org: 'console', record: id, field: 'flash' });

  /** Sealed by a key that is gone, it is gone as well. */
  function opened(sealed: string, id: string): Flash | null {
    try {
      return JSON.parse(cipher.decrypt(sealed, placeOf(id))) as Flash;
    } catch (error) {
      if (error instanceof SealError) return null;
      throw error;
    }
  }

  return {
    /**
     * Signs in.
     * @param person whom the key speaks for, where it may
     * @returns the cookie's value
     * @throws Problem 401, 403, 422 as a call with that key
     */
    async begin(key: string, person: string | null): Promise<string> {
      const key_hash = hashKey(key);
      const actor = person === null ? null : { id: person, name: person };
      const caller = await identify(key_hash, actor ?? {});
      const { cookie, id } = tokens.make();
      const now = new Date();
      await sessions.create([
        {
          _id: id,
          key_hash,
          actor,
          org_id: caller.kind === 'key' ? caller.orgId : null,
          flash: null,
          created_at: now,
          expires_at: new Date(now.getTime() + lifetimeMs),
        },
      ]);
      return cookie;
    },

    /** @returns null without a session that still holds */
    async find(cookie: string | undefined): Promise<Session | null> {
      const id = cookie === undefined ? null : tokens.idOf(cookie);
      if (id === null) return null;
      const doc = await sessions.findById(id).lean<SessionDoc | null>();
      if (!doc || doc.expires_at <= new Date()) return null;
      const caller = await identify(doc.key_hash, doc.actor ?? {}).catch(nobody);
      if (!caller || caller.kind === 'anonymous') return null;
      return { id, caller, orgId: doc.org_id, formToken: tokens.formToken(id), hasFlash: doc.flash !== null };
    },

    async end(session: Session): Promise<void> {
      await sessions.deleteOne({ _id: session.id });
    },

    async chooseOrg(session: Session, orgId: string): Promise<void> {
      await sessions.updateOne({ _id: session.id }, { $set: { org_id: orgId } });
    },

    async leaveFlash(session: Session, flash: Flash): Promise<void> {
      const sealed = cipher.encrypt(JSON.stringify(flash), placeOf(session.id));
      await sessions.updateOne({ _id: session.id }, { $set: { flash: sealed } });
    },

    /** @returns what was left, once */
    async takeFlash(session: Session): Promise<Flash | null> {
      if (!session.hasFlash) return null;
      // As it was before: of two pages at once, one shows it.
      const had = await sessions
        .findOneAndUpdate({ _id: session.id }, { $set: { flash: null } })
        .lean<SessionDoc | null>();
      return had?.flash ? opened(had.flash, session.id) : null;
    },

    isFormToken: (session: Session, given: string) => tokens.isFormToken(session.id, given),
  };
}

/** A key that ended ends the session; an outage is an error as anywhere. */
function nobody(error: unknown): null {
  if (error instanceof Problem && error.status < 500) return null;
  throw error;
}
