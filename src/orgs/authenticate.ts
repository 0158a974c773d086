import { createHash, timingSafeEqual } from 'node:crypto';
import { unauthorized } from '../http/problem.js';
import { actingActor } from './actor-headers.js';
import type { ApiKeyDoc } from './api-key-model.js';
import type { Actor, Caller } from './caller.js';
import type { Authenticate } from './credentials.js';
import type { KeyCache } from './key-cache.js';
import { hashKey, isWellFormedKey } from './key-format.js';

interface Dependencies {
  adminApiKey: string;
  keys: KeyCache;
  /** Told of each use of an org's key. */
  used: (key: ApiKeyDoc) => void;
}

const adminActor: Actor = { id: 'admin', name: 'Administrator', via: 'admin' };

/** Tells callers by their bearer key. Why a key is refused stays unsaid, except that it is. */
export function createAuthenticate({ adminApiKey, keys, used }: Dependencies): Authenticate {
  const adminHash = sha256(Buffer.from(adminApiKey));
  const isAdmin = (key: string) =>
    // Node reads headers as Latin-1: an admin key beyond ASCII may have come as UTF-8.
    [Buffer.from(key, 'latin1'), Buffer.from(key)].some((bytes) => timingSafeEqual(sha256(bytes), adminHash));
  return async (credentials) => {
    const key = bearer(credentials.authorization);
    if (isAdmin(key)) return { kind: 'admin', actor: actingActor(adminActor, true, credentials) };
    const found = isWellFormedKey(key) ? await keys.find(hashKey(key)) : null;
    if (!found || isExpired(found)) throw unauthorized('The key is not valid.');
    used(found);
    return callerOf(found, actingActor(ownActor(found), found.may_act, credentials));
  };
}

function bearer(authorization: string | undefined): string {
  const key = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
  if (key === undefined) throw unauthorized('Send a key: Authorization: Bearer <key>.');
  return key;
}

function callerOf(key: ApiKeyDoc, actor: Actor): Caller {
  return { kind: 'key', keyId: key._id, orgId: key.org_id, permissions: key.permissions, actor };
}

function ownActor({ _id, name, acts_as }: ApiKeyDoc): Actor {
  return { id: acts_as?.id ?? _id, name: acts_as?.name ?? name, via: _id };
}

const isExpired = (key: ApiKeyDoc) => key.expires_at !== null && key.expires_at.getTime() <= Date.now();

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
