import type { Model } from 'mongoose';
import type { AuditAction, AuditedCall, AuditTrail, AuditResult, ReadSubject } from '../../http/audit.js';
import { paramsIn } from '../../http/audit-subjects.js';
import { actorOf, type Actor } from '../../http/caller.js';
import { Problem } from '../../http/problem.js';
import { derivedId, newId } from '../../lib/ids.js';
import type { Logger } from '../../observability/logger.js';
import { collectNotes, fieldsOf, type AuditNote } from './audit.js';
import { changedNames, changesBetween } from './changes.js';
import type { Chain } from './chain.js';
import { systemLog, type AuditDraft, type AuditIntentDoc, type AuditOutcome } from './model.js';

type Fields = Record<string, unknown>;

/** What is stored of a call before it changes anything. Without `actionOf`, which is code. */
export interface Intent extends Pick<AuditedCall, 'source' | 'params' | 'requested'> {
  orgId: string;
  actor: Actor;
  action: AuditAction;
  subject: string;
  before: Fields | null;
}

interface Dependencies {
  intents: Model<AuditIntentDoc>;
  chain: Pick<Chain, 'append'>;
  readSubject: ReadSubject;
  logger: Logger;
}

/** Puts calls on record: an intent before the change, and the entry, in the org's chain, after it. */
export function createTrail({ intents, chain, readSubject, logger }: Dependencies): AuditTrail & {
  /** Resolves when nothing is being removed any more. */
  settled: () => Promise<void>;
} {
  const removing = new Set<Promise<unknown>>();

  /** Not waited for: an intent whose entry exists is removed by the recovery as well. */
  function remove(id: string): void {
    const removed = intents
      .deleteOne({ _id: id })
      .exec()
      .catch(() => undefined)
      .finally(() => removing.delete(removed));
    removing.add(removed);
  }

  async function begin(call: AuditedCall): Promise<{ id: string; at: Date; intent: Intent }> {
    const { rule, caller, source, params, requested } = call;
    const intent: Intent = {
      orgId: call.orgId ?? systemLog,
      ...{ actor: actorOf(caller), source, params, requested, action: rule.action, subject: rule.subject },
      before: await readShown(readSubject, { subject: rule.subject, params }, undefined),
    };
    const at = new Date();
    const id = newId('aud', at.getTime());
    await intents.create({ _id: id, at, intent: JSON.stringify(intent) });
    return { id, at, intent };
  }

  async function complete(
    call: AuditedCall,
    { id, at, intent }: Awaited<ReturnType<typeof begin>>,
    notes: readonly AuditNote[],
    { outcome, createdId }: Exclude<AuditResult, { outcome: 'refused' }>,
  ): Promise<void> {
    const after = await readShown(readSubject, intent, createdId);
    const drafts = draftsOf({ id, at, intent, after, createdId, outcome, notes, actionOf: call.rule.actionOf });
    for (const draft of drafts) {
      // The recovery took a call that was very slow for a dead one. Its entry stands; this one says how it ended.
      if (!(await chain.append(draft))) await chain.append({ ...draft, _id: newId('aud') });
    }
    remove(id);
  }

  return {
    async run(call, work, classify) {
      const begun = await begin(call);
      const notes: AuditNote[] = [];
      const end = async (audited: AuditResult) => {
        const outcome = audited.outcome === 'refused' && notes.length > 0 ? 'failed' : audited.outcome;
        if (outcome === 'refused') {
          remove(begun.id);
          return;
        }
        try {
          await complete(call, begun, notes, { ...audited, outcome });
        } catch (err) {
          // The change is made, and its intent is stored: the recovery makes the entry.
          logger.warn({ err, audit_id: begun.id }, 'an audit entry could not be completed');
        }
      };
      let result: Awaited<ReturnType<typeof work>>;
      try {
        result = await collectNotes(notes, work);
      } catch (error) {
        await end({ outcome: error instanceof Problem && error.status < 500 ? 'refused' : 'failed' });
        throw error;
      }
      await end(classify(result));
      return result;
    },
    settled: async () => {
      await Promise.all(removing);
    },
  };
}

/** The subject as it is shown now; null for what isn't created. @param createdId for the parameter that the request lacks */
export async function readShown(
  readSubject: ReadSubject,
  { subject, params }: Pick<Intent, 'subject' | 'params'>,
  createdId: string | undefined,
): Promise<Fields | null> {
  const missing = paramsIn(subject).filter((name) => params[name] === undefined);
  if (missing.length > 0 && createdId === undefined) return null;
  return readSubject(subject, { ...params, ...Object.fromEntries(missing.map((name) => [name, createdId ?? ''])) });
}

interface Ended {
  id: string;
  at: Date;
  intent: Intent;
  after: Fields | null;
  createdId?: string | undefined;
  outcome: AuditOutcome;
  notes: readonly AuditNote[];
  actionOf?: AuditedCall['rule']['actionOf'];
}

/** The entries of a call: one for each change that a service noted, else one by what the route declares. */
export function draftsOf({ id, at, intent, after, createdId, outcome, notes, actionOf }: Ended): AuditDraft[] {
  const { before } = intent;
  const changes = changesBetween(before, after);
  const changed = changedNames(before, after);
  const base = { at, actor: intent.actor, source: intent.source };
  if (notes.length > 0) {
    return notes.map(({ orgId, actor, ...event }, index) => ({
      ...base,
      ...fieldsOf({ ...event, outcome: event.outcome ?? outcome }),
      _id: index === 0 ? id : derivedId('aud', `${id}/${index}`, at.getTime()),
      org_id: orgId,
      actor,
      changes: index === 0 ? JSON.stringify(changes) : '{}',
    }));
  }
  // An update that changed nothing. Other actions do something even if their subject stays as it is.
  if (outcome === 'succeeded' && /\.(updated|replaced)$/.test(intent.action) && changed.length === 0) return [];
  const action = actionOf?.(changes) ?? intent.action;
  const shown = after ?? before;
  const subject = {
    type: action.slice(0, action.indexOf('.')),
    id: textOf(shown?.id) ?? createdId ?? lastParam(intent) ?? '-',
    name: textOf(shown?.name) ?? textOf(shown?.title),
  };
  const names = outcome === 'succeeded' ? changed : [...new Set([...changed, ...intent.requested])];
  const fields = fieldsOf({ action, subject, changed: names, outcome });
  return [{ ...base, ...fields, _id: id, org_id: intent.orgId, changes: JSON.stringify(changes) }];
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const lastParam = ({ subject, params }: Intent): string | undefined => params[paramsIn(subject).at(-1) ?? ''];
