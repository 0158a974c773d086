import { isObject, objects } from '../fake-service.js';
import { adfFaults } from './check-adf.js';
import type { Site } from './site.js';

/** What a refused request is told: `{errorMessages, errors}`. */
export interface Refusal {
  errorMessages: string[];
  errors: Record<string, string>;
}

const maxTextLength = 32_767;

/** What Jira says to a create's fields; null when it takes them. */
export function refusalOfFields(site: Site, fields: Record<string, unknown>): Refusal | null {
  const project = projectOf(site, fields.project);
  if (!project) return refusal({ project: 'valid project is required' });
  const type = isObject(fields.issuetype) ? fields.issuetype : {};
  const known = project.issueTypes.some(({ id, name }) => id === type.id || name === type.name);
  if (!known) return refusal({ issuetype: 'Specify a valid issue type' });
  const errors: Record<string, string> = {};
  const note = (field: string, message: string | null) => {
    if (message !== null) errors[field] = message;
  };
  note('summary', summaryFault(fields.summary));
  const onScreen = ['project', 'issuetype', 'summary', ...project.fields.map(({ id }) => id)];
  for (const field of Object.keys(fields)) {
    const message = `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;
    if (!onScreen.includes(field)) note(field, message);
  }
  for (const { id, name, required, hasDefault } of project.fields) {
    if (required && !hasDefault && (fields[id] ?? '') === '') note(id, `${name} is required.`);
  }
  note('labels', labelsFault(fields.labels));
  const priority = isObject(fields.priority) ? fields.priority.name : undefined;
  const noSuch = "Field 'priority' cannot be set. It is not on the appropriate screen, or unknown.";
  if (fields.priority !== undefined && !project.priorities.includes(String(priority))) note('priority', noSuch);
  if (fields.description !== undefined && !errors.description) note('description', documentFault(fields.description));
  if (Object.keys(errors).length > 0) return refusal(errors);
  return fields.description !== undefined && adfFaults(fields.description).length > 0 ? invalidInput : null;
}

/** What Jira says to a comment's body; null when it takes it. */
export function refusalOfComment(body: unknown): Refusal | null {
  if (!isObject(body)) return refusal({ comment: 'Comment body is not valid!' });
  const long = documentFault(body);
  if (long !== null) return refusal({ comment: long });
  return adfFaults(body).length > 0 ? invalidInput : null;
}

/** What Jira says to `properties`; null when it takes them. */
export function refusalOfProperties(properties: unknown): Refusal | null {
  if (properties === undefined) return null;
  const right =
    Array.isArray(properties) && objects(properties).every(({ key, value }) => isKey(key) && value !== undefined);
  return right ? null : { errorMessages: ['The property key or value is not valid.'], errors: {} };
}

const isKey = (key: unknown) => typeof key === 'string' && key.length > 0 && key.length <= 255;

export const refusal = (errors: Record<string, string>): Refusal => ({ errorMessages: [], errors });

const invalidInput: Refusal = { errorMessages: ['INVALID_INPUT'], errors: {} };

export function projectOf(site: Site, named: unknown) {
  const { key, id } = isObject(named) ? named : { key: named, id: undefined };
  const at = site.projects.findIndex((project, index) => project.key === key || String(10_000 + index) === (id ?? key));
  const project = site.projects[at];
  return project?.isVisible ? project : null;
}

function summaryFault(summary: unknown): string | null {
  if (typeof summary !== 'string' || summary.trim() === '') return 'You must specify a summary of the issue.';
  if (/[\r\n]/.test(summary)) return 'The summary is invalid because it contains newline characters.';
  return summary.length > 255 ? "Summary can't exceed 255 characters." : null;
}

function labelsFault(labels: unknown): string | null {
  if (labels === undefined) return null;
  if (!Array.isArray(labels)) return 'data was not an array';
  const spaced = labels.map(String).find((label) => /\s/.test(label));
  if (spaced !== undefined) return `The label '${spaced}' contains spaces which is invalid.`;
  return labels.some((label) => String(label).length > 255) ? 'The label is too long.' : null;
}

function documentFault(value: unknown): string | null {
  if (!isObject(value)) return 'Operation value must be an Atlassian Document (see the Atlassian Document Format)';
  const long = `The entered text is too long. It exceeds the allowed limit of 32,767 characters.`;
  return JSON.stringify(value).length > maxTextLength ? long : null;
}
