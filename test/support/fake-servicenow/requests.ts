import type { Received } from '../fake-service.js';

/** What a request is, so that a habit can be for one kind alone. */
export type ServiceNowCall = 'token' | 'create' | 'update' | 'look' | 'search' | 'journal' | 'choices' | 'other';

export interface ServiceNowRequest extends Received {
  call: ServiceNowCall;
  /** What is wrong with it by the documents, in sentences; also where a real instance would let it pass. */
  faults: string[];
  /** The habit's kind, or `served`. */
  outcome: string;
}

export interface TablePath {
  table: string;
  sysId: string | null;
}

/** The table and record of a Table API path; null when it is none. */
export function tablePath(path: string): TablePath | null {
  const match = /^\/api\/now\/table\/([a-z0-9_]+)(?:\/([^/?]+))?$/.exec(path.split('?', 1)[0] ?? '');
  return match?.[1] === undefined ? null : { table: match[1], sysId: match[2] ?? null };
}

export function callOf({ method, path }: Pick<Received, 'method' | 'path'>): ServiceNowCall {
  if (path.startsWith('/oauth_token.do')) return 'token';
  const asked = tablePath(path);
  if (!asked) return 'other';
  if (asked.table === 'sys_journal_field') return 'journal';
  if (asked.table === 'sys_choice') return 'choices';
  if (method === 'POST') return 'create';
  if (method === 'PATCH' || method === 'PUT') return 'update';
  return asked.sysId === null ? 'search' : 'look';
}
