import type { Routing } from '../../escalations/routing/routing.js';
import { severities, type Severity } from '../../lib/severity.js';
import { optionsOf, textOf, type Field, type FormValues } from '../forms/field.js';
import { defineForm, type Form } from '../forms/form.js';
import { targetLabel, type Targets } from './targets.js';

export type SeverityKey = 'word' | 'impact' | 'urgency' | 'acknowledge_minutes' | 'resolve_minutes';

export interface SeverityColumn {
  key: SeverityKey;
  label: string;
  width: 'word' | 'level' | 'minutes';
}

/** The columns of the severities' table: one field for each severity. */
export const severityColumns: SeverityColumn[] = [
  { key: 'word', label: 'Word', width: 'word' },
  { key: 'impact', label: 'Impact', width: 'level' },
  { key: 'urgency', label: 'Urgency', width: 'level' },
  { key: 'acknowledge_minutes', label: 'Claim within', width: 'minutes' },
  { key: 'resolve_minutes', label: 'Resolve within', width: 'minutes' },
];

export function severityFieldName(severity: Severity, key: SeverityKey): string {
  switch (key) {
    case 'word':
      return `severity_map.${severity}`;
    case 'impact':
    case 'urgency':
      return `severity_map.${severity}.${key}`;
    default:
      return `sla.${severity}.${key}`;
  }
}

/** @param current the stored routing */
export function routingForm(current: Routing, targets: Targets): Form {
  const severityFields = severities.flatMap((severity) =>
    severityColumns.map(({ key, label, width }): Field => {
      const name = severityFieldName(severity, key);
      const fieldLabel = `${severity}: ${label.toLowerCase()}`;
      if (width === 'minutes') return { name, label: `${fieldLabel}, in minutes`, kind: 'number', empty: 'omit' };
      const mapped = current.severity_map[severity];
      const stored = typeof mapped === 'object' && key in mapped ? mapped[key as keyof typeof mapped] : undefined;
      const parse = width === 'level' ? (typed: string) => parseLevel(typed, stored) : undefined;
      return { name, label: fieldLabel, kind: 'text', empty: 'omit', parse };
    }),
  );
  return defineForm(
    [
      { name: 'ticket.enabled', label: 'Open a ticket for each escalation', kind: 'checkbox' },
      {
        name: 'ticket.min_severity',
        label: 'From severity',
        kind: 'select',
        options: optionsOf(severities.toReversed()),
        help: 'Less severe ones stay in the queue only.',
      },
      {
        name: 'ticket.connection_id',
        label: 'Connection',
        kind: 'select',
        empty: 'null',
        options: connectionOptions(current.ticket.connection_id, targets),
      },
      {
        name: 'on_resolve',
        label: 'When it is resolved',
        kind: 'select',
        options: [
          { value: 'comment', label: 'comment on the ticket' },
          { value: 'close', label: 'comment and close the ticket' },
        ],
      },
      ...severityFields,
    ],
    checkSeverities,
  );
}

function connectionOptions(chosen: string | null, { connections, defaultLabel }: Targets) {
  const isMissing = chosen !== null && !connections.some(({ _id }) => _id === chosen);
  return [
    { value: '', label: `Default: ${defaultLabel}` },
    ...connections.map((target) => ({ value: target._id, label: targetLabel(target) })),
    ...(isMissing ? [{ value: chosen, label: `${chosen} (deleted)` }] : []),
  ];
}

/** A severity maps to a word, or to both impact and urgency. */
function checkSeverities(values: FormValues) {
  return severities.flatMap((severity) => {
    const has = (key: SeverityKey) => textOf(values, severityFieldName(severity, key)) !== '';
    const path = `severity_map.${severity}`;
    if (has('word') && (has('impact') || has('urgency'))) {
      return [{ path, message: 'takes a word, or impact and urgency, but not both' }];
    }
    if (has('impact') === has('urgency')) return [];
    const missing = has('impact') ? 'urgency' : 'impact';
    return [{ path: `${path}.${missing}`, message: `is required beside ${has('impact') ? 'impact' : 'urgency'}` }];
  });
}

/** An unchanged level keeps its type: `1` and `"1"` look alike. */
const parseLevel = (typed: string, stored: string | number | undefined) =>
  stored !== undefined && typed === String(stored) ? stored : /^\d$/.test(typed) ? Number(typed) : typed;

export function storedValues({ ticket, severity_map, on_resolve, sla }: Routing): FormValues {
  const textFor = (severity: Severity, key: SeverityKey): string => {
    const mapped = severity_map[severity];
    if (key === 'word') return typeof mapped === 'string' ? mapped : '';
    if (key === 'impact' || key === 'urgency') return typeof mapped === 'object' ? String(mapped[key]) : '';
    return String(sla[severity]?.[key] ?? '');
  };
  const severityTexts = severities.flatMap((severity) =>
    severityColumns.map(({ key }): [string, string] => [severityFieldName(severity, key), textFor(severity, key)]),
  );
  return {
    'ticket.enabled': ticket.enabled ? 'on' : '',
    'ticket.min_severity': ticket.min_severity,
    'ticket.connection_id': ticket.connection_id ?? '',
    on_resolve,
    ...Object.fromEntries(severityTexts),
  };
}
