/** The permissions that a key carries. `configure` includes `read` and `review`; `review` includes `read`. */
export const permissions = ['read', 'configure', 'review', 'ingest'] as const;
export type Permission = (typeof permissions)[number];

const includes: Record<Permission, readonly Permission[]> = {
  read: ['read'],
  review: ['review', 'read'],
  configure: ['configure', 'review', 'read'],
  ingest: ['ingest'],
};

/** Who did it, as it is recorded: the key's `acts_as`, or the person that a `may_act` key names. */
export interface Actor {
  id: string;
  name: string;
  /** The key's id, or `admin`. */
  via: string;
}

/** Who is calling. A call without a key (access `none`) has the kind `anonymous`. */
export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'admin'; actor: Actor }
  | { kind: 'key'; keyId: string; orgId: string; permissions: readonly Permission[]; actor: Actor };

/** Whether the permissions, with all that they include, hold one of those that are needed. */
export function isAllowed(held: readonly Permission[], needed: readonly Permission[]): boolean {
  return held.some((permission) => includes[permission].some((included) => needed.includes(included)));
}

/** The actor for records; an anonymous call has none and is a mistake of ours. */
export function actorOf(caller: Caller): Actor {
  if (caller.kind === 'anonymous') throw new Error('This call has no actor.');
  return caller.actor;
}
