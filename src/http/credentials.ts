import type { Caller } from './caller.js';

/** The headers that say who calls, as Node gives them. */
export interface Credentials {
  authorization: string | undefined;
  actorId: string | undefined;
  actorName: string | undefined;
  /** Where the call comes from. */
  from: CallOrigin;
}

export interface CallOrigin {
  address: string;
  requestId: string;
}

/**
 * Finds out who is calling.
 * @throws Problem 401 without a usable key, 403 when the key may not name an actor, 422 for an actor that is not usable
 */
export type Authenticate = (credentials: Credentials) => Promise<Caller>;

/**
 * The caller whose key has this hash (`hashKey`), as the key is now.
 * @param actor whom a key that may act for others speaks for
 * @throws Problem as `Authenticate`
 */
export type Identify = (
  hash: string,
  actor?: { id?: string | undefined; name?: string | undefined },
) => Promise<Caller>;

/**
 * Lets a call into an org's paths.
 * @throws Problem 404 for another org's key, and for an org that is not there
 */
export type RequireOrgAccess = (caller: Caller, orgId: string) => Promise<void>;
