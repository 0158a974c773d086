import { at } from '../api-client.js';
import type { Escalation } from '../api-types.js';
import { bodyOption, defineCommand, readBody, type CommandDefinition, type CommandGroup } from '../command.js';
import { idOption } from '../options.js';
import { statusStyle } from '../../lib/paint.js';
import { fields, type Column } from '../output/table.js';
import { indented, printable } from '../output/text.js';
import { distance, fullTime, shortTime } from '../output/time.js';
import { pagingOptions, showAnswer, showList } from '../results.js';
import type { Terminal } from '../terminal.js';

const id = idOption('esc_', 'The escalation');
const statuses: Escalation['status'][] = ['open', 'claimed', 'resolved'];
const severities: Escalation['severity'][] = ['low', 'medium', 'high', 'critical'];
const resolutions: NonNullable<Escalation['resolution']>[] = ['approved', 'denied', 'dismissed', 'remediated'];
const severalOf = (values: readonly string[]) => `Any of ${values.join(', ')}; several with commas`;

const list = defineCommand({
  path: 'escalation list',
  summary: 'List escalations, newest first',
  options: {
    status: { kind: 'text', value: 'STATUS', choices: statuses, help: severalOf(statuses) },
    severity: { kind: 'text', value: 'SEVERITY', choices: severities, help: severalOf(severities) },
    q: { kind: 'text', value: 'WORDS', help: 'Only those with all these words in title, reason, gateway, actor, …' },
    ...pagingOptions,
  },
  examples: [
    'kt escalation list --status open --severity high,critical',
    'kt escalation list --q "wire transfer" --all',
  ],
  run: (call) => {
    const { status, severity, q } = call.options;
    const isFiltered = status !== undefined || severity !== undefined || q !== undefined;
    return showList<Escalation>(call, {
      path: '/escalations',
      query: { status, severity, q },
      columns: columns(call.terminal),
      empty: isFiltered
        ? 'No such escalations.'
        : 'No escalations yet. Policies raise them from events: kt event send --type event.created --data …',
    });
  },
});

const show = defineCommand({
  path: 'escalation show',
  summary: 'Show an escalation with its notes',
  options: { id },
  examples: ['kt escalation show --id esc_01JZX0'],
  run: (call) => showAnswer(call, call.org.get<Escalation>(at`/escalations/${call.options.id}`), escalationText),
});

const action = (name: 'claim' | 'release', summary: string): CommandDefinition =>
  defineCommand({
    path: `escalation ${name}`,
    summary,
    options: { id },
    examples: [`kt escalation ${name} --id esc_01JZX0`],
    run: (call) =>
      showAnswer(call, call.org.post<Escalation>(at`/escalations/${call.options.id}/${name}`), escalationText),
  });

const note = defineCommand({
  path: 'escalation note',
  summary: 'Add a note to an escalation',
  options: { id, body: bodyOption },
  examples: ['kt escalation note --id esc_01JZX0 --body "Asked the owner."'],
  run: async (call) => {
    const path = at`/escalations/${call.options.id}/notes`;
    return showAnswer(call, call.org.post<Escalation>(path, { body: await readBody(call) }), escalationText);
  },
});

const resolve = defineCommand({
  path: 'escalation resolve',
  summary: 'Decide an escalation that you have claimed',
  options: {
    id,
    resolution: {
      kind: 'text',
      value: 'WORD',
      choices: resolutions,
      required: true,
      help: `The decision: ${resolutions.join(', ')}`,
    },
    notes: { kind: 'text', value: 'TEXT', help: 'The reason, kept as a note' },
  },
  examples: ['kt escalation resolve --id esc_01JZX0 --resolution approved --notes "Seen the invoice."'],
  run: async (call) => {
    const { id, resolution, notes } = call.options;
    return showAnswer(
      call,
      call.org.post<Escalation>(at`/escalations/${id}/resolve`, { resolution, notes }),
      escalationText,
    );
  },
});

export const escalationGroup: CommandGroup = {
  name: 'escalation',
  summary: 'Review and decide escalations',
  commands: [
    list,
    show,
    action('claim', 'Claim an escalation, so that nobody else works on it'),
    action('release', 'Release an escalation that you have claimed'),
    note,
    resolve,
  ],
};

const columns = ({ now }: Terminal): Column<Escalation>[] => [
  { title: 'SEVERITY', of: ({ severity }) => severity, style: statusStyle },
  { title: 'STATUS', of: ({ status, resolution }) => resolution ?? status, style: statusStyle },
  { title: 'CREATED', of: ({ created_at }) => shortTime(created_at, now) },
  { title: 'TITLE', of: ({ title }) => title, flexible: true },
  { title: 'CLAIMED BY', of: ({ claimed_by }) => claimed_by?.name ?? '', flexible: true },
  { title: 'DUE', of: (escalation) => dueText(escalation, now) },
  { title: 'ID', of: ({ id }) => id },
];

/** The time until the next deadline, or since it has passed. */
function dueText({ status, sla }: Escalation, now: Date): string {
  if (status === 'resolved') return '';
  const due = status === 'open' ? (sla.acknowledge_due_at ?? sla.resolve_due_at) : sla.resolve_due_at;
  if (due === null) return '';
  return new Date(due) < now ? `overdue ${distance(due, now).replace(' ago', '')}` : distance(due, now);
}

type Person = Escalation['claimed_by'];

function escalationText(escalation: Escalation, terminal: Terminal): string {
  const { now, paint } = terminal;
  const { status, gateway, actor, sla, ticket, context, notes } = escalation;
  const by = (person: Person, at: string | null) => person && `${person.name}, ${fullTime(at, now)}`;
  const head = fields(
    [
      ['id', escalation.id],
      ['title', escalation.title],
      ['severity', escalation.severity],
      ['status', status],
      ['kind', escalation.kind],
      ['reason', escalation.reason],
      ['gateway', gateway && (gateway.name ?? gateway.id)],
      ['actor', actor && (actor.name ?? actor.email ?? actor.id)],
      ['policy', escalation.policy?.name],
      ['claimed', by(escalation.claimed_by, escalation.claimed_at)],
      ['resolution', escalation.resolution],
      ['resolved', by(escalation.resolved_by, escalation.resolved_at)],
      ['acknowledge', status === 'open' && sla.acknowledge_due_at ? fullTime(sla.acknowledge_due_at, now) : null],
      ['resolve by', status !== 'resolved' && sla.resolve_due_at ? fullTime(sla.resolve_due_at, now) : null],
      ['breached', sla.breached],
      ['ticket', ticket && `${ticket.external_id ?? 'not made yet'} (${ticket.sync_state})`],
      ['review', escalation.review_url],
      ['workflow', escalation.workflow.url ?? escalation.workflow.id],
      ['created', fullTime(escalation.created_at, now)],
    ],
    terminal,
  );
  const sections = [head];
  if (context !== null) sections.push(`${paint('dim', 'context')}\n  ${indented(JSON.stringify(context, null, 2))}`);
  for (const { author, body, at } of notes) {
    sections.push(`${paint('dim', printable(`${author.name}, ${fullTime(at, now)}`))}\n  ${indented(body)}`);
  }
  return sections.join('\n\n');
}
