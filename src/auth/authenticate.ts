import { timingSafeEqual } from 'node:crypto';
import { unauthorized } from '../http/problem.js';
import { actingActor, fromHeader } from './actor-headers.js';
import type { ApiKeyDoc } from './api-key-model.js';
import type { Actor, Caller } from '../http/caller.js';
import type { Authenticate, CallOrigin, Identify } from '../http/credentials.js';
import type { KeyCache } from './key-cache.js';
import { hashKey, isWellFormedKey } from './key-format.js';

interface Dependencies {
  adminApiKey: string;
  keys: KeyCache;
  /** Told of each use of an org's key. */
  used: (key: ApiKeyDoc) => void;
  /** Told of each use of a key that is revoked or expired. */
  refused: (key: ApiKeyDoc, from: CallOrigin | null) => void;
}

/** The key with this hash, also when it is revoked or expired; null for an unknown one. */
export type OwnerOf = (hash: string) => Promise<ApiKeyDoc | null>;

const adminActor: Actor = { id: 'admin', name: 'Administrator', via: 'admin' };

/** Tells callers by their bearer key, or by its hash. Why a key is refused stays unsaid, except that it is. */
export function createAuthenticate({ adminApiKey, keys, used, refused }: Dependencies): {
  authenticate: Authenticate;
  identify: Identify;
  ownerOf: OwnerOf;
} {
  const adminHash = Buffer.from(hashKey(adminApiKey));
  const isAdmin = (hash: string) => {
    const bytes = Buffer.from(hash);
    return bytes.length === adminHash.length && timingSafeEqual(bytes, adminHash);
  };
  const identifyFrom = async (hash: string, actor: NonNullable<Parameters<Identify>[1]>, from: CallOrigin | null) => {
    const named = { actorId: actor.id, actorName: actor.name };
    if (isAdmin(hash)) return { kind: 'admin' as const, actor: actingActor(adminActor, true, named) };
    const found = await keys.find(hash);
    if (!found || !isValid(found)) {
      if (found) refused(found, from);
      throw unauthorized('The key is not valid.');
    }
    used(found);
    return callerOf(found, actingActor(ownActor(found), found.may_act, named));
  };
  return {
    identify: (hash, actor = {}) => identifyFrom(hash, actor, null),
    ownerOf: keys.find,
    async authenticate({ authorization, actorId, actorName, from }) {
      const key = bearer(authorization);
      const hash = hashesOf(key).find((each) => isAdmin(each)) ?? (isWellFormedKey(key) ? hashKey(key) : null);
      if (hash === null) throw unauthorized('The key is not valid.');
      const plain = (value: string | undefined) => (value === undefined ? undefined : fromHeader(value));
      return identifyFrom(hash, { id: plain(actorId), name: plain(actorName) }, from);
    },
  };
}

/** Node reads headers as Latin-1: an admin key beyond ASCII may have come as UTF-8. */
const hashesOf = (key: string): string[] => {
  const asItCame = hashKey(Buffer.from(key, 'latin1'));
  return Buffer.byteLength(key) === key.length ? [asItCame] : [asItCame, hashKey(key)];
};

function bearer(authorization: string | undefined): string {
  const key = /^Bearer +(\S.*)$/i.exec(authorization ?? '')?.[1];
  if (key === undefined) throw unauthorized('Send a key: Authorization: Bearer <key>.');
  return key;
}

function callerOf(key: ApiKeyDoc, actor: Actor): Caller {
  return { kind: 'key', keyId: key._id, orgId: key.org_id, permissions: key.permissions, actor };
}

function ownActor({ _id, name, acts_as }: ApiKeyDoc): Actor {
  return { id: acts_as?.id ?? _id, name: acts_as?.name ?? name, via: _id };
}

// Keys of older versions have no `revoked_at`.
const isValid = ({ revoked_at, expires_at }: ApiKeyDoc) =>
  (revoked_at ?? null) === null && (expires_at === null || expires_at.getTime() > Date.now());
