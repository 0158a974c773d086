import { at } from '../api-client.js';
import type { AddedComment, Comment, TicketLink } from '../api-types.js';
import { bodyOption, defineCommand, readBody, type Call, type CommandGroup } from '../command.js';
import { UsageError } from '../errors.js';
import type { Options } from '../options.js';
import { statusStyle } from '../../lib/paint.js';
import { fields, type Column } from '../output/table.js';
import { indented, printable } from '../output/text.js';
import { fullTime, shortTime } from '../output/time.js';
import { pagingOptions, showAnswer, showList } from '../results.js';
import type { Terminal } from '../terminal.js';

const subject = {
  request: { kind: 'text', value: 'er_…', idPrefix: 'er_', help: 'The evidence request of the ticket' },
  escalation: { kind: 'text', value: 'esc_…', idPrefix: 'esc_', help: 'The escalation of the ticket' },
} as const satisfies Options;

/** The path of the request or escalation that the ticket belongs to. @throws UsageError unless exactly one is given */
function subjectPath({ request, escalation }: Call<typeof subject>['options']): string {
  if (request !== undefined && escalation !== undefined) {
    throw new UsageError('--request and --escalation are both given: a ticket belongs to one.');
  }
  if (request !== undefined) return at`/evidence-requests/${request}`;
  if (escalation !== undefined) return at`/escalations/${escalation}`;
  throw new UsageError('Missing: --request er_… or --escalation esc_…');
}

const create = defineCommand({
  path: 'ticket create',
  summary: 'Open a ticket in the tracker',
  description:
    'Title and text come from the request or the escalation. If the tracker is slow, the ticket stays pending at first. Routing opens the tickets of escalations by itself, unless it says otherwise.',
  options: subject,
  examples: ['kt ticket create --request er_01JZX0', 'kt ticket create --escalation esc_01JZX0'],
  run: (call) => showAnswer(call, call.org.post<TicketLink>(`${subjectPath(call.options)}/ticket`), linkText),
});

const show = defineCommand({
  path: 'ticket show',
  summary: 'Show a ticket and its sync state',
  options: subject,
  examples: ['kt ticket show --request er_01JZX0'],
  run: (call) => showAnswer(call, call.org.get<TicketLink>(`${subjectPath(call.options)}/ticket`), linkText),
});

const close = defineCommand({
  path: 'ticket close',
  summary: 'Close a ticket in the tracker',
  options: subject,
  examples: ['kt ticket close --request er_01JZX0'],
  run: (call) => showAnswer(call, call.org.post<TicketLink>(`${subjectPath(call.options)}/ticket/close`), linkText),
});

const unlink = defineCommand({
  path: 'ticket unlink',
  summary: 'Remove the link; the ticket in the tracker stays unchanged',
  options: subject,
  examples: ['kt ticket unlink --escalation esc_01JZX0'],
  run: (call) =>
    showAnswer(
      call,
      call.org.delete(`${subjectPath(call.options)}/ticket`),
      () => 'Unlinked. The ticket in the tracker is unchanged.',
    ),
});

const comment = defineCommand({
  path: 'ticket comment',
  summary: 'Add a comment to the thread, here and in the tracker',
  options: { ...subject, body: bodyOption },
  examples: ['kt ticket comment --request er_01JZX0 --body "Where are the logs of May?"'],
  run: async (call) => {
    const path = `${subjectPath(call.options)}/comments`;
    const answer = await call.org.post<AddedComment>(path, { body: await readBody(call) });
    return showAnswer(call, answer, (added) =>
      (added.echo === null ? [added] : [added, added.echo])
        .map((each) => commentText(each, call.terminal))
        .join('\n\n'),
    );
  },
});

const comments = defineCommand({
  path: 'ticket comments',
  summary: 'Show the thread, oldest comment first',
  options: { ...subject, ...pagingOptions },
  examples: ['kt ticket comments --request er_01JZX0 --all'],
  run: async (call) =>
    showList<Comment>(call, {
      path: `${subjectPath(call.options)}/comments`,
      columns: commentColumns(call.terminal),
      empty: 'No comments yet. Add one: kt ticket comment --body TEXT',
    }),
});

export const ticketGroup: CommandGroup = {
  name: 'ticket',
  summary: 'Manage the tickets of requests and escalations in the tracker',
  commands: [create, show, close, unlink, comment, comments],
};

function linkText(link: TicketLink, terminal: Terminal): string {
  const { now } = terminal;
  return fields(
    [
      ['ticket', link.external_id ?? 'not made yet'],
      ['url', link.external_url],
      ['state', link.state],
      ['sync', link.sync_state],
      ['error', link.last_error],
      ['tracker status', link.external_status],
      ['provider', link.provider],
      ['of', link.subject.id],
      ['link', link.id],
      ['workflow', link.workflow.url ?? link.workflow.id],
      ['created', fullTime(link.created_at, now)],
      ['closed', link.closed_at && fullTime(link.closed_at, now)],
      ['synced', link.last_synced_at && fullTime(link.last_synced_at, now)],
    ],
    terminal,
  );
}

const commentColumns = ({ now }: Terminal): Column<Comment>[] => [
  { title: 'TIME', of: ({ created_at }) => shortTime(created_at, now) },
  { title: 'FROM', of: ({ source }) => (source === 'internal' ? 'here' : 'tracker') },
  { title: 'AUTHOR', of: ({ author }) => author, flexible: true },
  { title: 'SYNC', of: ({ sync_state }) => sync_state ?? '', style: statusStyle },
  {
    title: 'COMMENT',
    of: ({ body, edited_at }) => (edited_at === null ? body : `${body} (edited)`),
    flexible: true,
  },
];

function commentText({ author, body, source, sync_state, created_at }: Comment, { now, paint }: Terminal): string {
  const origin = source === 'internal' ? (sync_state ?? 'not sent to a tracker') : 'from the tracker';
  const head = printable(`${author}, ${fullTime(created_at, now)}, ${origin}`);
  return `${paint('dim', head)}\n  ${indented(body)}`;
}
