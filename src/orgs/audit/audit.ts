import type { Model } from 'mongoose';
import { ulid } from 'ulid';
import { z } from 'zod';
import { trusted } from '../../db/schema-options.js';
import { decodeCursor, page, type Page } from '../../http/paging.js';
import { actorOf, type Caller } from '../caller.js';
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
  /** Newest first. */
  list: (orgId: string, query: { limit: number; cursor?: string | undefined }) => Promise<Page<AuditEntryDoc>>;
}

const cursorShape = z.tuple([z.string()]);

export function createAudit({ entries }: { entries: Model<AuditEntryDoc> }): Audit {
  return {
    async record(orgId, caller, { action, subject, changed = [] }) {
      const { id, name, via } = actorOf(caller);
      await entries.create({
        _id: `aud_${ulid()}`,
        org_id: orgId,
        at: new Date(),
        actor: { id, name, via },
        action,
        subject: { type: subject.type, id: subject.id, name: subject.name ?? null },
        changed: [...changed],
      });
    },
    async list(orgId, { limit, cursor }) {
      const before = cursor === undefined ? {} : { _id: trusted({ $lt: decodeCursor(cursor, cursorShape)[0] }) };
      const query = entries.find({ org_id: orgId, ...before }).sort({ _id: -1 });
      return page(
        await query
          .limit(limit + 1)
          .lean()
          .exec(),
        limit,
        (last) => [last._id],
      );
    },
  };
}
