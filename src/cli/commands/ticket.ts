import { at, defineCommand, type Call, type Command, type Group } from '../command.js';
import { UsageError } from '../errors.js';
import { pagingOptions, showList } from '../lists.js';
import type { Options } from '../options.js';
import { show } from '../output/show.js';
import { commentColumns, commentText, linkText, type AddedComment, type Comment, type Link } from './ticket-text.js';
import { bodyOption, readBody } from './text-input.js';

const subject = {
  request: { kind: 'text', value: 'er_…', idPrefix: 'er_', help: 'of this evidence request' },
  escalation: { kind: 'text', value: 'esc_…', idPrefix: 'esc_', help: 'of this escalation' },
} as const satisfies Options;

/** The path of what the ticket belongs to. @throws UsageError unless there is exactly one */
async function subjectPath({ options, inOrg }: Pick<Call<typeof subject>, 'options' | 'inOrg'>): Promise<string> {
  const { request, escalation } = options;
  if (request !== undefined && escalation !== undefined) {
    throw new UsageError('--request and --escalation are both given: a ticket belongs to one.');
  }
  if (request !== undefined) return inOrg(at`/evidence-requests/${request}`);
  if (escalation !== undefined) return inOrg(at`/escalations/${escalation}`);
  throw new UsageError('Missing: --request er_… or --escalation esc_…');
}

const create = defineCommand({
  path: 'ticket create',
  summary: 'open a ticket in the tracker',
  description: 'Title and text come from the request or escalation. A tracker that is slow leaves it pending.',
  options: subject,
  examples: ['kt ticket create --request er_01JZX0', 'kt ticket create --escalation esc_01JZX0'],
  run: async (call) => {
    const answer = await call.api.post<Link>(`${await subjectPath(call)}/ticket`);
    return show(call, answer, (link) => linkText(link, call.terminal));
  },
});

const showOne = defineCommand({
  path: 'ticket show',
  summary: 'show a ticket, and whether the tracker has it',
  options: subject,
  examples: ['kt ticket show --request er_01JZX0'],
  run: async (call) => {
    const answer = await call.api.get<Link>(`${await subjectPath(call)}/ticket`);
    return show(call, answer, (link) => linkText(link, call.terminal));
  },
});

const close: Command = defineCommand({
  path: 'ticket close',
  summary: 'close a ticket in the tracker',
  options: subject,
  examples: ['kt ticket close --request er_01JZX0'],
  run: async (call) => {
    const answer = await call.api.post<Link>(`${await subjectPath(call)}/ticket/close`);
    return show(call, answer, (link) => linkText(link, call.terminal));
  },
});

const unlink = defineCommand({
  path: 'ticket unlink',
  summary: 'forget the link; the tracker’s ticket is left alone',
  options: subject,
  examples: ['kt ticket unlink --escalation esc_01JZX0'],
  run: async (call) => {
    const answer = await call.api.delete(`${await subjectPath(call)}/ticket`);
    return show(call, answer, () => 'Unlinked. The tracker’s ticket is as it was.');
  },
});

const comment = defineCommand({
  path: 'ticket comment',
  summary: 'say something in the thread, on both sides',
  options: { ...subject, body: bodyOption },
  examples: ['kt ticket comment --request er_01JZX0 --body "Where are the logs of May?"'],
  run: async (call) => {
    const path = `${await subjectPath(call)}/comments`;
    const answer = await call.api.post<AddedComment>(path, { body: await readBody(call.options.body, call.terminal) });
    return show(call, answer, ({ echo, ...added }) =>
      [added, ...(echo === null ? [] : [echo])].map((one) => commentText(one, call.terminal)).join('\n\n'),
    );
  },
});

const comments = defineCommand({
  path: 'ticket comments',
  summary: 'show the thread, oldest first',
  options: { ...subject, ...pagingOptions },
  examples: ['kt ticket comments --request er_01JZX0 --all'],
  run: async (call) =>
    showList<Comment>(call, {
      path: `${await subjectPath(call)}/comments`,
      columns: commentColumns(call.terminal),
      empty: 'Nobody has said anything yet: kt ticket comment --body TEXT',
    }),
});

export const ticketGroup: Group = {
  name: 'ticket',
  summary: 'the tracker’s side of a request or an escalation',
  commands: [create, showOne, close, unlink, comment, comments],
};
