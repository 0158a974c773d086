import { z } from 'zod';
import { boundedArray } from '../../bounded-pages.js';
import type { TrackerCheck } from '../../tracker-side.js';
import type { JiraClient } from '../client.js';
import { defaultPriorities, type JiraSettings } from '../settings.js';
import { pagesOf } from './pages.js';

const fieldSchema = z.object({
  fieldId: z.string(),
  name: z.string(),
  required: z.boolean().default(false),
  hasDefaultValue: z.boolean().default(false),
  allowedValues: boundedArray(z.object({ name: z.string().optional() }))
    .optional()
    .catch(undefined),
});
type Field = z.infer<typeof fieldSchema>;

/** Every ticket has these; without one of them on its screen Jira takes none. */
const needed = ['summary', 'description', 'labels'];
/** Given by us, or by Jira itself. */
const given = [...needed, 'project', 'issuetype', 'reporter'];

/** Whether the screen on which issues are made takes what we send, and asks for nothing else. */
export async function checkFields(
  jira: JiraClient,
  project: string,
  issueTypeId: string,
  { fieldMap = {}, severityMap = {} }: JiraSettings,
  signal: AbortSignal,
): Promise<Omit<TrackerCheck, 'id'>> {
  const path = `/issue/createmeta/${encodeURIComponent(project)}/issuetypes/${encodeURIComponent(issueTypeId)}`;
  const screen = await pagesOf(jira, path, 'fields', fieldSchema, signal);
  const mapped = Object.keys(fieldMap);
  const unset = screen.filter(({ fieldId, required, hasDefaultValue }) => {
    return required && !hasDefaultValue && ![...given, ...mapped, 'priority'].includes(fieldId);
  });
  const absent = [...needed, ...mapped].filter((id) => !screen.some(({ fieldId }) => fieldId === id));
  const troubles = [
    ...(unset.length > 0 ? [`Jira demands ${named(unset)}: add it to the field map.`] : []),
    ...(absent.length > 0 ? [`Not on the screen for new issues: ${absent.join(', ')}.`] : []),
    ...unknownPriorities(screen, Object.values(severityMap)),
  ];
  if (troubles.length > 0) return { status: 'missing', detail: troubles.join(' ') };
  return priorityCheck(screen, mapped);
}

const named = (fields: Field[]) => fields.map(({ name, fieldId }) => `${name} (${fieldId})`).join(', ');

/** Only what the org itself chose: it is never left out. */
function unknownPriorities(screen: Field[], chosen: unknown[]): string[] {
  const names = prioritiesOn(screen);
  const texts = chosen.filter((value) => typeof value === 'string');
  if (texts.length > 0 && !screen.some(({ fieldId }) => fieldId === 'priority')) {
    return ['The severity map sets priorities, and priority is not on the screen for new issues.'];
  }
  const unknown = names === null ? [] : texts.filter((name) => !names.includes(name));
  return unknown.length > 0 ? [`The severity map names unknown priorities: ${unknown.join(', ')}.`] : [];
}

function prioritiesOn(screen: Field[]): string[] | null {
  const values = screen.find(({ fieldId }) => fieldId === 'priority')?.allowedValues;
  return values?.flatMap(({ name }) => name ?? []) ?? null;
}

function priorityCheck(screen: Field[], mapped: string[]): Omit<TrackerCheck, 'id'> {
  const ready = 'Every field that Jira demands is set.';
  if (mapped.includes('priority')) return { status: 'ready', detail: ready };
  if (!screen.some(({ fieldId }) => fieldId === 'priority')) {
    return { status: 'attention', detail: `${ready} Priority is not on the screen for new issues: tickets have none.` };
  }
  const names = prioritiesOn(screen);
  const unknown = names === null ? [] : Object.values(defaultPriorities).filter((name) => !names.includes(name));
  if (unknown.length === 0) return { status: 'ready', detail: ready };
  const why = `There is no priority ${unknown.join(', ')}: set a severity map, or such tickets get Jira's own.`;
  return { status: 'attention', detail: `${ready} ${why}` };
}
