import type { Caller } from './caller.js';

/** What was done to what: `webhook.updated`. The part before the dot is the type of the subject. */
export type AuditAction = `${string}.${string}`;

/** The fields that an action changed, by name, as callers see them. */
export type AuditChanges = Record<string, { before: unknown; after: unknown }>;

/** What a route or a page that changes something declares, so that no change can go without a record. */
export type AuditRule =
  | {
      action: AuditAction;
      /**
       * The path of the GET route that shows the subject, in OpenAPI's notation below `/api/v1`. It is read before and after
       * the change. A parameter that the request lacks is the id of what the request creates.
       */
      subject: string;
      /** A more exact action, by what has changed. */
      actionOf?: (changes: AuditChanges) => AuditAction | undefined;
    }
  /** Why calls of this route leave no entry. */
  | { none: string };

export type Audited = Exclude<AuditRule, { none: string }>;

/** Where a call came from. */
export interface AuditSource {
  kind: 'api' | 'console' | 'command' | 'system';
  /** The address of the caller; null for what came over no connection. */
  address: string | null;
  requestId: string | null;
  /** The first characters of the console session's id. */
  session: string | null;
}

/** A call that is to be put on record. */
export interface AuditedCall {
  /** The org whose log it belongs to; null for what belongs to none. */
  orgId: string | null;
  caller: Caller;
  source: AuditSource;
  rule: Audited;
  params: Record<string, string>;
  /** The names of the fields that the caller sent; never values. */
  requested: string[];
}

/** What became of a call. `refused` has changed nothing, and leaves no entry. */
export type AuditResult =
  | { outcome: 'refused' }
  | {
      outcome: 'succeeded' | 'failed';
      /** The id of what was created. */
      createdId?: string | undefined;
    };

/** Puts changes on record. */
export interface AuditTrail {
  /**
   * Does the work of a call. What is about to happen is stored before it, and what has happened after it, so that a crash in
   * between loses neither the change nor its record.
   * @param classify by the result; an error that the work throws is a refusal below 500, and a failure otherwise
   */
  run: <T>(call: AuditedCall, work: () => Promise<T>, classify: (result: T) => AuditResult) => Promise<T>;
}

/** Reads what a GET route shows. @returns null for what is not there, and for a path of no such route */
export type ReadSubject = (path: string, params: Record<string, string>) => Promise<Record<string, unknown> | null>;

/** The names of a body's fields. */
export const fieldNames = (body: unknown): string[] =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
