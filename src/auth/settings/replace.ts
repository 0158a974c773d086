import { changedSince, checkIfMatch } from '../../http/etag.js';
import { conflict } from '../../http/problem.js';
import type { Audit } from '../audit/audit.js';
import type { Caller } from '../../http/caller.js';
import type { Versioned } from './document.js';
import type { SettingsStore } from './store.js';

/** Who replaces a document, and on which condition. */
export interface ReplacedBy {
  caller: Caller;
  ifMatch: string | undefined;
}

/** What a PUT makes of the document that there is: it may be asked again when that has changed meanwhile. */
export type NextContent<Content> = (current: Content) => {
  content: Content;
  /** The names of the fields that differ, for the audit record; never values. */
  changed: readonly string[];
};

/**
 * Replaces an org's document, and puts on record who did. Without If-Match the last one wins, whole.
 * @throws Problem 412 when If-Match names another version, and whatever `next` throws: then nothing has changed
 */
export type ReplaceSettings<Content> = (
  orgId: string,
  by: ReplacedBy,
  next: NextContent<Content>,
) => Promise<Versioned<Content>>;

interface Dependencies<Content> {
  store: SettingsStore<Content>;
  audit: Audit;
  /** What the audit record calls it: `escalation_routing`. */
  name: string;
}

/** Each loss is somebody else's success, so this many in a row mean that something else is wrong. */
const maxTries = 20;

export function createReplaceSettings<Content>({
  store,
  audit,
  name,
}: Dependencies<Content>): ReplaceSettings<Content> {
  return async (orgId, { caller, ifMatch }, next) => {
    for (let tries = 0; tries < maxTries; tries++) {
      const current = await store.find(orgId);
      checkIfMatch(ifMatch, current.version);
      const { content, changed } = next(current);
      const replaced = await store.replace(orgId, current.version, content);
      if (replaced) {
        await audit.record(orgId, caller, { action: `${name}.replaced`, subject: { type: name, id: orgId }, changed });
        return replaced;
      }
      if (ifMatch !== undefined && ifMatch.trim() !== '*') throw changedSince();
    }
    throw conflict('concurrent_changes', 'Others are changing this document at the same time.');
  };
}
