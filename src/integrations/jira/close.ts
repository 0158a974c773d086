import { z } from 'zod';
import { aborted, ProviderError } from '../../lib/provider-errors.js';
import { boundedArray } from '../bounded-pages.js';
import type { ClosedTicket, TicketRef } from '../port.js';
import type { JiraClient } from './client.js';
import { issuePath } from './names.js';
import { isDone, statusSchema } from './statuses.js';

const fieldSchema = z.object({
  required: z.boolean().default(false),
  hasDefaultValue: z.boolean().default(false),
  allowedValues: boundedArray(z.object({ id: z.string().optional(), name: z.string() }))
    .optional()
    .catch(undefined),
});
const transitionSchema = z.object({
  id: z.string(),
  name: z.string().default(''),
  to: statusSchema,
  isAvailable: z.boolean().optional(),
  /** Absent unless they were asked for, and sometimes then. */
  fields: z.record(z.string(), fieldSchema).optional(),
});
const transitionsSchema = z.object({ transitions: boundedArray(transitionSchema) });
const issueSchema = z.object({
  fields: z.object({ status: statusSchema }),
  transitions: boundedArray(transitionSchema).optional(),
});
type Transition = z.infer<typeof transitionSchema>;

/** Moves an issue to a status of the category done, by whatever name; nothing is done to one that is there. */
export function createClose(jira: JiraClient) {
  return async (ticket: TicketRef, signal: AbortSignal): Promise<ClosedTicket> => {
    if (signal.aborted) throw aborted();
    const path = issuePath(ticket);
    const { status, transitions } = await readIssue(jira, path, signal);
    if (isDone(status)) return { externalStatus: status.name };
    const chosen = choose(transitions);
    if (!chosen) throw noWay(jira, ticket.externalId, status.name, transitions);
    const fields = resolutionFor(chosen);
    try {
      await jira.send(`${path}/transitions`, { transition: { id: chosen.id }, ...(fields ? { fields } : {}) }, signal);
    } catch (error) {
      // Somebody else may have moved it meanwhile, to where this transition is none, and perhaps to where it is to be.
      if (!(error instanceof ProviderError) || error.code !== 'http_400') throw error;
      const now = await readIssue(jira, path, signal).catch(() => null);
      if (!now || !isDone(now.status)) throw error;
      return { externalStatus: now.status.name };
    }
    return { externalStatus: chosen.to.name };
  };
}

async function readIssue(jira: JiraClient, path: string, signal: AbortSignal) {
  const query = { fields: 'status', expand: 'transitions,transitions.fields' };
  const issue = await jira.get(path, issueSchema, signal, query);
  const { status } = issue.fields;
  const known = issue.transitions ?? [];
  // What the screens hold is promised for this address alone; of an issue that is done nobody needs it.
  const isConfirmed = known.length > 0 && known.every(({ fields }) => fields !== undefined);
  if (isConfirmed || isDone(status)) return { status, transitions: known };
  const query2 = { expand: 'transitions.fields' };
  const { transitions } = await jira.get(`${path}/transitions`, transitionsSchema, signal, query2);
  return { status, transitions };
}

/**
 * Of the transitions to done, first those that ask for nothing we cannot give, of them those that take a resolution,
 * of them
 * the first in the workflow's own order.
 */
function choose(transitions: Transition[]): Transition | undefined {
  const rank = (transition: Transition) => (isGivable(transition) ? 2 : 0) + (transition.fields?.resolution ? 1 : 0);
  return transitions
    .filter(({ to, isAvailable }) => isDone(to) === true && isAvailable !== false)
    .reduce<Transition | undefined>((best, next) => (best && rank(best) >= rank(next) ? best : next), undefined);
}

const isGivable = ({ fields = {} }: Transition) =>
  Object.entries(fields).every(([id, field]) => id === 'resolution' || !field.required || field.hasDefaultValue);

/** Only where it is on the screen, else Jira refuses the whole transition: `Done`, or the first that there is. */
function resolutionFor({ fields }: Transition) {
  const field = fields?.resolution;
  if (!field) return null;
  const values = field.allowedValues ?? [];
  const chosen = values.find(({ name }) => name.toLowerCase() === 'done') ?? values[0];
  if (!chosen) return { resolution: { name: 'Done' } };
  return { resolution: chosen.id === undefined ? { name: chosen.name } : { id: chosen.id } };
}

function noWay(jira: JiraClient, key: string, present: string, transitions: Transition[]): ProviderError {
  const there = transitions.map(({ name, to }) => `"${name}" to "${to.name}"`).join(', ');
  const message =
    `${key} is in "${present}", and no transition from there leads to a status of the category Done: ` +
    `the workflow lacks one, or the account may not use it. There are: ${there === '' ? 'none' : there}.`;
  return jira.refusal('no_way_to_done', 'Jira cannot close it', message);
}
