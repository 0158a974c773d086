import { at, defineCommand, type Command, type Group } from '../command.js';
import { pagingOptions, showList } from '../lists.js';
import { idOption } from '../options.js';
import { show } from '../output/show.js';
import { escalationColumns, escalationText, type Escalation } from './escalation-text.js';
import { bodyOption, readBody } from './text-input.js';

const id = idOption('esc_', 'the escalation');
const statuses = ['open', 'claimed', 'resolved'] as const;
const severities = ['low', 'medium', 'high', 'critical'] as const;
const resolutions = ['approved', 'denied', 'dismissed', 'remediated'] as const;

const list = defineCommand({
  path: 'escalation list',
  summary: 'list escalations, newest first',
  options: {
    status: { kind: 'text', value: 'STATUS', choices: statuses, help: `${statuses.join(', ')}; several with commas` },
    severity: {
      kind: 'text',
      value: 'SEVERITY',
      choices: severities,
      help: `${severities.join(', ')}; several with commas`,
    },
    q: { kind: 'text', value: 'WORDS', help: 'that have all these words, in title, reason, gateway, actor, …' },
    ...pagingOptions,
  },
  examples: [
    'kt escalation list --status open --severity high,critical',
    'kt escalation list --q "wire transfer" --all',
  ],
  run: async (call) => {
    const { status, severity, q } = call.options;
    return showList<Escalation>(call, {
      path: await call.inOrg('/escalations'),
      query: { status, severity, q },
      columns: escalationColumns(call.terminal),
      empty:
        status === undefined && severity === undefined && q === undefined
          ? 'No escalations yet. A policy raises them from events: kt event send --type event.created --data …'
          : 'No such escalations.',
    });
  },
});

const showOne = defineCommand({
  path: 'escalation show',
  summary: 'show an escalation with its notes',
  options: { id },
  examples: ['kt escalation show --id esc_01JZX0'],
  run: async (call) => {
    const found = await call.api.get<Escalation>(await call.inOrg(at`/escalations/${call.options.id}`));
    return show(call, found, (escalation) => escalationText(escalation, call.terminal));
  },
});

const acted = (word: string, summary: string): Command =>
  defineCommand({
    path: `escalation ${word}`,
    summary,
    options: { id },
    examples: [`kt escalation ${word} --id esc_01JZX0`],
    run: async (call) => {
      const path = `${at`/escalations/${call.options.id}`}/${word}`;
      const answer = await call.api.post<Escalation>(await call.inOrg(path));
      return show(call, answer, (escalation) => escalationText(escalation, call.terminal));
    },
  });

const note = defineCommand({
  path: 'escalation note',
  summary: 'note something on an escalation',
  options: { id, body: bodyOption },
  examples: ['kt escalation note --id esc_01JZX0 --body "Asked the owner."'],
  run: async (call) => {
    const path = await call.inOrg(at`/escalations/${call.options.id}/notes`);
    const answer = await call.api.post<Escalation>(path, { body: await readBody(call.options.body, call.terminal) });
    return show(call, answer, (escalation) => escalationText(escalation, call.terminal));
  },
});

const resolve = defineCommand({
  path: 'escalation resolve',
  summary: 'decide an escalation that you have claimed',
  options: {
    id,
    resolution: {
      kind: 'text',
      value: 'WORD',
      choices: resolutions,
      required: true,
      help: resolutions.join(', '),
    },
    notes: { kind: 'text', value: 'TEXT', help: 'why; kept as a note' },
  },
  examples: ['kt escalation resolve --id esc_01JZX0 --resolution approved --notes "Seen the invoice."'],
  run: async (call) => {
    const { id, resolution, notes } = call.options;
    const path = await call.inOrg(at`/escalations/${id}/resolve`);
    const answer = await call.api.post<Escalation>(path, { resolution, ...(notes !== undefined && { notes }) });
    return show(call, answer, (escalation) => escalationText(escalation, call.terminal));
  },
});

export const escalationGroup: Group = {
  name: 'escalation',
  summary: 'what waits for somebody’s decision',
  commands: [
    list,
    showOne,
    acted('claim', 'take an escalation, so that nobody else does'),
    acted('release', 'give a claimed escalation back'),
    note,
    resolve,
  ],
};
