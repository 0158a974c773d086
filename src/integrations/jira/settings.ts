import type { FieldMap } from '../field-map.js';
import type { HttpClient, HttpLimits } from '../http-call.js';
import type { TicketMetadata } from '../port.js';
import type { MappedSeverity } from '../../lib/severity.js';

type Severity = NonNullable<TicketMetadata['severity']>;

export interface JiraSettings {
  /** The site: `https://acme.atlassian.net`. A path is kept, as of `https://api.atlassian.com/ex/jira/{cloud id}`. */
  baseUrl: string;
  /** Basic where there is one, else Bearer. */
  email?: string | undefined;
  apiToken: string;
  /** The only project that the account sees, when left out. */
  projectKey?: string | undefined;
  /** Its name; `Task` when left out. */
  issueType?: string | undefined;
  /** To names of priorities. */
  severityMap?: Partial<Record<Severity, MappedSeverity>> | undefined;
  /**
   * Fields by their ids: `customfield_10010`. They may set all but project, issue type, summary and description;
   * labels are added to ours.
   */
  fieldMap?: FieldMap | undefined;
  /** Its deadline covers each call; it should read as much as `jiraLimits` says. It is closed with the provider. */
  http?: HttpClient | undefined;
  /** When a create whose outcome is unknown is looked for, after it was sent. */
  lookAfterMs: readonly number[];
  /** When it is looked for a last time, and made again. */
  createAgainAfterMs: number;
}

/** Fifty comments or a project's fields are more than the 64 KiB that others may say. */
export const jiraLimits: Partial<HttpLimits> = { maxBodyBytes: 4 * 1024 * 1024 };

/** What our tickets and comments are known by over there. */
export const ourLabel = 'drawbridge';
export const ourProperty = 'drawbridge';

export const defaultPriorities: Record<Severity, string> = {
  critical: 'Highest',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};
