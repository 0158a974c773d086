import type { Routing, SlaMinutes } from '../../escalations/routing/routing.js';
import { replaceRoutingBody, type RoutingInput } from '../../escalations/routing/schema.js';
import { unprocessable } from '../../http/problem.js';
import { problemDetails } from '../../http/validation.js';
import { type MappedSeverity, severities, type Severity } from '../../lib/severity.js';
import type { Form } from '../form.js';
import type { Difference } from '../parts/meanwhile.js';

/** What the form's fields hold, by their names, which are the API's paths. */
export type RoutingFields = Record<string, string>;

/** The critical ones first: they are what the page is opened for. */
export const severitiesDown = [...severities].reverse();

/** @returns each field's text; `on` for a box that is ticked, empty for one that is not */
export function fieldsOfRouting({ ticket, severity_map, on_resolve, sla }: Routing): RoutingFields {
  return {
    'ticket.enabled': ticket.enabled ? 'on' : '',
    'ticket.min_severity': ticket.min_severity,
    'ticket.connection_id': ticket.connection_id ?? '',
    on_resolve,
    ...Object.fromEntries(severities.flatMap((severity) => mappedFields(severity, severity_map[severity]))),
    ...Object.fromEntries(severities.flatMap((severity) => clockFields(severity, sla[severity]))),
  };
}

function mappedFields(severity: Severity, mapped: MappedSeverity | undefined): [string, string][] {
  const at = `severity_map.${severity}`;
  const pair = typeof mapped === 'object' ? mapped : { impact: '', urgency: '' };
  return [
    [at, typeof mapped === 'string' ? mapped : ''],
    [`${at}.impact`, String(pair.impact)],
    [`${at}.urgency`, String(pair.urgency)],
  ];
}

const clockFields = (severity: Severity, minutes: SlaMinutes | undefined): [string, string][] => [
  [`sla.${severity}.acknowledge_minutes`, String(minutes?.acknowledge_minutes ?? '')],
  [`sla.${severity}.resolve_minutes`, String(minutes?.resolve_minutes ?? '')],
];

/** What was typed. @param names of all fields: a box that is not ticked is not sent */
export const typedFields = (form: Form, names: Iterable<string>): RoutingFields =>
  Object.fromEntries([...names].map((name) => [name, form.text(name)]));

/** @param current a level that stays as it is typed stays a text or a number @throws Problem 422 with all that is wrong */
export function routingInputOf(typed: RoutingFields, current: Routing): RoutingInput {
  const text = (name: string) => typed[name] ?? '';
  const ambiguous = severities.filter((severity) => {
    const at = `severity_map.${severity}`;
    return text(at) !== '' && text(`${at}.impact`) + text(`${at}.urgency`) !== '';
  });
  const parsed = replaceRoutingBody.safeParse({
    ticket: {
      enabled: text('ticket.enabled') !== '',
      min_severity: text('ticket.min_severity'),
      connection_id: text('ticket.connection_id') || null,
    },
    on_resolve: text('on_resolve'),
    severity_map: bySeverity((severity) => mappedOf(severity, text, current.severity_map[severity])),
    sla: bySeverity((severity) => clocksOf(severity, text)),
  });
  if (parsed.success && ambiguous.length === 0) return parsed.data;
  const message = 'takes a word, or impact and urgency, but not both';
  throw unprocessable([
    ...ambiguous.map((severity) => ({ path: `severity_map.${severity}`, message })),
    ...(parsed.error ? problemDetails(parsed.error.issues) : []),
  ]);
}

const bySeverity = <T>(of: (severity: Severity) => T | undefined): Record<string, T> =>
  Object.fromEntries(
    severities.flatMap((severity) => {
      const value = of(severity);
      return value === undefined ? [] : [[severity, value]];
    }),
  );

function mappedOf(severity: Severity, text: (name: string) => string, current: MappedSeverity | undefined) {
  const at = `severity_map.${severity}`;
  const [impact, urgency] = [text(`${at}.impact`), text(`${at}.urgency`)];
  if (impact === '' && urgency === '') return text(at) || undefined;
  const before = typeof current === 'object' ? current : { impact: '', urgency: '' };
  return { impact: levelOf(impact, before.impact), urgency: levelOf(urgency, before.urgency) };
}

const levelOf = (typed: string, before: string | number) =>
  typed === String(before) ? before : /^\d$/.test(typed) ? Number(typed) : typed;

function clocksOf(severity: Severity, text: (name: string) => string) {
  const minutes = (name: string) => {
    const typed = text(`sla.${severity}.${name}`);
    return typed === '' ? null : /^\d+$/.test(typed) ? Number(typed) : typed;
  };
  const clocks = { acknowledge_minutes: minutes('acknowledge_minutes'), resolve_minutes: minutes('resolve_minutes') };
  return clocks.acknowledge_minutes === null && clocks.resolve_minutes === null ? undefined : clocks;
}

/** Fields whose stored value is another than what was typed, in the form's words. */
export function differencesOf(stored: RoutingFields, typed: RoutingFields): Difference[] {
  return Object.keys(stored)
    .filter((name) => stored[name] !== typed[name])
    .map((name) => ({ field: name, stored: stored[name] ?? '', typed: typed[name] ?? '' }));
}
