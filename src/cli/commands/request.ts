import { at } from '../api-client.js';
import type { EvidenceRequest } from '../api-types.js';
import { defineCommand, type CommandGroup } from '../command.js';
import { idOption } from '../options.js';
import { fields, type Column } from '../output/table.js';
import { fullTime, shortTime } from '../output/time.js';
import { pagingOptions, showAnswer, showList } from '../results.js';
import type { Terminal } from '../terminal.js';

const statuses: EvidenceRequest['status'][] = ['open', 'in_progress', 'submitted', 'accepted', 'rejected', 'closed'];

const create = defineCommand({
  path: 'request create',
  summary: 'Create an evidence request and print its id',
  options: {
    title: { kind: 'text', value: 'TEXT', required: true, help: 'What is asked for' },
    description: { kind: 'text', value: 'TEXT', help: 'The details, in Markdown' },
    'due-at': { kind: 'time', value: 'TIME', help: 'When it is due: 2027-01-01T00:00:00Z' },
    assignee: { kind: 'text', value: 'TEXT', help: 'Who is to answer it' },
  },
  examples: ['kt request create --title "Access logs of May" --description "All gateways"'],
  run: async (call) => {
    const { title, description, assignee, 'due-at': due_at } = call.options;
    const answer = await call.org.post<EvidenceRequest>('/evidence-requests', { title, description, assignee, due_at });
    return showAnswer(call, answer, ({ id }) => `${id}\nNext: kt ticket create --request ${id}`);
  },
});

const list = defineCommand({
  path: 'request list',
  summary: 'List the evidence requests, newest first',
  options: {
    status: { kind: 'text', value: 'STATUS', choices: statuses, help: `Only ${statuses.join(', ')}` },
    ...pagingOptions,
  },
  examples: ['kt request list --status open'],
  run: (call) =>
    showList<EvidenceRequest>(call, {
      path: '/evidence-requests',
      query: { status: call.options.status },
      columns: columns(call.terminal),
      empty: 'No evidence requests. Create one: kt request create --title …',
    }),
});

const show = defineCommand({
  path: 'request show',
  summary: 'Show an evidence request and its ticket',
  options: { id: idOption('er_', 'The evidence request') },
  examples: ['kt request show --id er_01JZX0'],
  run: (call) =>
    showAnswer(call, call.org.get<EvidenceRequest>(at`/evidence-requests/${call.options.id}`), requestText),
});

export const requestGroup: CommandGroup = {
  name: 'request',
  summary: 'Manage evidence requests',
  commands: [create, list, show],
};

const ticketOf = ({ ticket }: EvidenceRequest) =>
  ticket === null ? null : `${ticket.external_id ?? 'not created yet'} (${ticket.state}, ${ticket.sync_state})`;

const columns = ({ now }: Terminal): Column<EvidenceRequest>[] => [
  { title: 'ID', of: ({ id }) => id },
  { title: 'TITLE', of: ({ title }) => title, flexible: true },
  { title: 'STATUS', of: ({ status }) => status },
  { title: 'TICKET', of: (request) => ticketOf(request) ?? 'none', flexible: true },
  { title: 'CREATED', of: ({ created_at }) => shortTime(created_at, now) },
];

const requestText = (request: EvidenceRequest, terminal: Terminal) =>
  fields(
    [
      ['id', request.id],
      ['title', request.title],
      ['description', request.description || null],
      ['status', request.status],
      ['ticket', ticketOf(request) ?? 'none'],
      ['due', request.due_at && fullTime(request.due_at, terminal.now)],
      ['assignee', request.assignee],
      ['created', fullTime(request.created_at, terminal.now)],
    ],
    terminal,
  );
