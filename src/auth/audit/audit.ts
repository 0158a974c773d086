import { AsyncLocalStorage } from 'node:async_hooks';
import type { Model } from 'mongoose';
import type { AuditAction, AuditSource } from '../../http/audit.js';
import { actorOf, type Actor, type Caller } from '../../http/caller.js';
import { derivedId, newId } from '../../lib/ids.js';
import { createChain, type Chain } from './chain.js';
import type { AuditDraft, AuditEntryDoc, AuditOutcome } from './model.js';

export interface AuditEvent {
  action: AuditAction;
  subject: { type: string; id: string; name?: string | null };
  /** Names of fields, never values. */
  changed?: readonly string[];
  outcome?: AuditOutcome;
}

/** What a service says of a change that it made within a call that is on record. */
export interface AuditNote extends AuditEvent {
  orgId: string;
  actor: Actor;
}

/** Who changed what of an org. */
export interface Audit {
  /** Call it when the change is made. Within a call of a route or a page, it completes the entry of that call. */
  record: (orgId: string, caller: Caller, event: AuditEvent) => Promise<void>;
  /**
   * For what we do by ourselves. Called again with the same key and time, it leaves the one entry as it is.
   * @param occurrence what it follows from, and when
   */
  recordOwn: (orgId: string, event: AuditEvent, occurrence: { key: string; at: Date }) => Promise<void>;
  /** For what has no call with a record of its own: refused sign-ins and keys, and operators' commands. */
  recordFrom: (orgId: string, actor: Actor, source: AuditSource, event: AuditEvent) => Promise<void>;
}

/** The actor of what nobody asked for. */
const ourselves: Actor = { id: 'drawbridge', name: 'Drawbridge', via: 'drawbridge' };
const ownSource: AuditSource = { kind: 'system', address: null, requestId: null, session: null };

const notes = new AsyncLocalStorage<AuditNote[]>();

/** Runs a call's work. What services record in it goes to `collected`, for the call's own entry. */
export const collectNotes = <T>(collected: AuditNote[], work: () => Promise<T>): Promise<T> =>
  notes.run(collected, work);

/** @param chain shared with whatever else appends in this process, which saves reading the chain's head */
export function createAudit({
  entries,
  chain = createChain(entries),
}: {
  entries: Model<AuditEntryDoc>;
  chain?: Pick<Chain, 'append'>;
}): Audit {
  const append = async (draft: Pick<AuditDraft, '_id' | 'at' | 'org_id' | 'actor' | 'source'>, event: AuditEvent) => {
    await chain.append({ ...draft, ...fieldsOf(event) });
  };
  return {
    async record(orgId, caller, event) {
      const actor = actorOf(caller);
      const collected = notes.getStore();
      if (collected) collected.push({ ...event, orgId, actor });
      else await append({ _id: newId('aud'), at: new Date(), org_id: orgId, actor, source: ownSource }, event);
    },
    async recordOwn(orgId, event, { key, at }) {
      const draft = { _id: derivedId('aud', key, at.getTime()), at, org_id: orgId, actor: ourselves };
      await append({ ...draft, source: ownSource }, event);
    },
    async recordFrom(orgId, actor, source, event) {
      await append({ _id: newId('aud'), at: new Date(), org_id: orgId, actor, source }, event);
    },
  };
}

/** The part of an entry that an event fills. */
export const fieldsOf = ({ action, subject, changed = [], outcome = 'succeeded' }: AuditEvent) => ({
  action,
  outcome,
  subject: { type: subject.type, id: subject.id, name: subject.name ?? null },
  changed: [...changed],
  changes: '{}',
});
