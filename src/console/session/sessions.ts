import type { Model } from 'mongoose';
import { hashKey } from '../../auth/key-format.js';
import type { Caller } from '../../http/caller.js';
import type { Identify } from '../../http/credentials.js';
import { Problem } from '../../http/problem.js';
import { EncryptionError, type Cipher } from '../../lib/encryption.js';
import type { Check } from '../parts/badge.js';
import type { SessionDoc } from './model.js';
import type { SessionTokens } from './token.js';

type SignedIn = Exclude<Caller, { kind: 'anonymous' }>;

/** A signed-in browser. */
export interface Session {
  id: string;
  caller: SignedIn;
  /** The key's org, or the one that an administrator has chosen. */
  orgId: string | null;
  /** Carried by every form of this session. */
  formToken: string;
  /** Whether the previous request left a flash to show. */
  hasFlash: boolean;
}

/** Shown once, on the page after a redirect. */
export interface Flash {
  notice?: string;
  /** Shown with a copy button and the warning that it won't be shown again. */
  secret?: { label: string; value: string };
  /** The results of a connection test. */
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

/** Sessions are kept in MongoDB, so that every API process knows them, and none outlives its key. */
export function createSessions({ sessions, tokens, identify, cipher }: SessionsDeps) {
  const placeOf = (id: string) => ({ org: 'console', record: id, field: 'flash' });

  /** @returns null when the encryption key is gone */
  function decryptFlash(encrypted: string, id: string): Flash | null {
    try {
      return JSON.parse(cipher.decrypt(encrypted, placeOf(id))) as Flash;
    } catch (error) {
      if (error instanceof EncryptionError) return null;
      throw error;
    }
  }

  return {
    /**
     * Who signs in.
     * @param person the person behind a shared key
     * @throws Problem 401, 403 and 422, as an API call with that key would
     */
    identify: (key: string, person: string | null): Promise<Caller> => identify(hashKey(key), actorOf(person) ?? {}),

    /** Signs in. @param caller who was identified by the key and the person @returns the session, with its cookie's value */
    async begin(key: string, person: string | null, caller: Caller): Promise<{ id: string; cookie: string }> {
      const { cookie, id } = tokens.make();
      const now = new Date();
      await sessions.create([
        {
          _id: id,
          key_hash: hashKey(key),
          actor: actorOf(person),
          org_id: caller.kind === 'key' ? caller.orgId : null,
          flash: null,
          created_at: now,
          expires_at: new Date(now.getTime() + lifetimeMs),
        },
      ]);
      return { id, cookie };
    },

    /** @returns null when there is no such session, or it has ended */
    async find(cookie: string | undefined): Promise<Session | null> {
      const id = cookie === undefined ? null : tokens.idOf(cookie);
      if (id === null) return null;
      const doc = await sessions.findById(id).lean<SessionDoc | null>();
      if (!doc || doc.expires_at <= new Date()) return null;
      const caller = await identify(doc.key_hash, doc.actor ?? {}).catch(nullIfRefused);
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
      const encrypted = cipher.encrypt(JSON.stringify(flash), placeOf(session.id));
      await sessions.updateOne({ _id: session.id }, { $set: { flash: encrypted } });
    },

    /** Returns the flash and removes it. */
    async takeFlash(session: Session): Promise<Flash | null> {
      if (!session.hasFlash) return null;
      // The document before the update: of two concurrent requests, one gets the flash.
      const before = await sessions
        .findOneAndUpdate({ _id: session.id }, { $set: { flash: null } })
        .lean<SessionDoc | null>();
      return before?.flash ? decryptFlash(before.flash, session.id) : null;
    },

    isFormToken: (session: Session, token: string) => tokens.isFormToken(session.id, token),
  };
}

const actorOf = (person: string | null) => (person === null ? null : { id: person, name: person });

/** A key that has ended ends its session; an outage stays an error. */
function nullIfRefused(error: unknown): null {
  if (error instanceof Problem && error.status < 500) return null;
  throw error;
}
