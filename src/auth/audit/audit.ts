import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import { newestPage } from '../../http/newest-page.js';
import type { Page } from '../../http/paging.js';
import { derivedId, newId } from '../../lib/ids.js';
import { actorOf, type Actor, type Caller } from '../../http/caller.js';
import type { AuditEntryDoc } from './model.js';

export interface AuditEvent {
  action: `${string}.${'created' | 'updated' | 'replaced' | 'deleted' | 'rotated'}`;
  subject: { type: string; id: string; name?: string | null };
  /** Names of fields, never values. */
  changed?: readonly string[];
}

/** Who changed what of an org's keys, secrets, connections, routing and policies. */
export interface Audit {
  /** Call it when the change is made, and before it is answered: what was answered is on record. */
  record: (orgId: string, caller: Caller, event: AuditEvent) => Promise<void>;
  /**
   * For what we do by ourselves. Called again with the same key and time, it leaves the one entry as it is.
   * @param occurrence what it follows from, and when
   */
  recordOwn: (orgId: string, event: AuditEvent, occurrence: { key: string; at: Date }) => Promise<void>;
  /** Newest first. */
  list: (orgId: string, query: { limit: number; cursor?: string | undefined }) => Promise<Page<AuditEntryDoc>>;
}

/** The actor of what nobody asked for. */
const ourselves: Actor = { id: 'drawbridge', name: 'Drawbridge', via: 'drawbridge' };

export function createAudit({ entries }: { entries: Model<AuditEntryDoc> }): Audit {
  const entryOf = (orgId: string, by: Actor, { action, subject, changed = [] }: AuditEvent) => ({
    org_id: orgId,
    actor: { id: by.id, name: by.name, via: by.via },
    action,
    subject: { type: subject.type, id: subject.id, name: subject.name ?? null },
    changed: [...changed],
  });

  return {
    async record(orgId, caller, event) {
      await entries.create({ _id: newId('aud'), at: new Date(), ...entryOf(orgId, actorOf(caller), event) });
    },
    async recordOwn(orgId, event, { key, at }) {
      try {
        await entries.create({ _id: derivedId('aud', key, at.getTime()), at, ...entryOf(orgId, ourselves, event) });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
    list: (orgId, query) => newestPage(entries, { org_id: orgId }, query),
  };
}
