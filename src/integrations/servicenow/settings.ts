import type { FieldMap } from '../field-map.js';
import type { HttpClient } from '../http-call.js';
import type { MappedSeverity, Severity } from '../../lib/severity.js';

export interface ServiceNowSettings {
  /** The instance, `https://acme.service-now.com`. */
  baseUrl: string;
  auth: 'basic' | 'bearer' | 'oauth';
  /** For `basic`. */
  username?: string | undefined;
  /** The password for `basic`, the token for `bearer`; unused for `oauth`. */
  apiToken?: string | undefined;
  /** For `oauth` (client credentials). */
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** `incident` when left out; another one has to use incident's states. */
  table?: string | undefined;
  /** What tickets are resolved with; one that the instance has when left out. */
  closeCode?: string | undefined;
  /** `comments` when left out: the customer sees them. */
  commentField?: 'comments' | 'work_notes' | undefined;
  severityMap?: Partial<Record<Severity, MappedSeverity>> | undefined;
  fieldMap?: FieldMap | undefined;
  /** It is closed with the provider. Lists of comments are long: it should read a MiB and more. */
  http?: HttpClient | undefined;
  /** When a create whose answer was lost is looked for, from when it was sent. */
  lookAfterMs: readonly number[];
  /** When it is made again, should nothing be found. */
  createAgainAfterMs: number;
}
