import { escalationKinds } from '../../escalations/model.js';
import type { Policy } from '../../escalations/policies/evaluate.js';
import { toPolicy } from '../../escalations/policies/presenter.js';
import type { Policies } from '../../escalations/policies/service.js';
import { severities } from '../../lib/severity.js';
import { optionsOf, textOf, type FormValues } from '../forms/field.js';
import { defineForm } from '../forms/form.js';
import { jsonText } from '../forms/json.js';

const MatchHelp = () => (
  <>
    <p>
      A condition on the event’s <code>data</code>, as JSON. Field names may have dots: <code>gateway.environment</code>
      . A plain value must be equal, and all fields must hold. <code>{'{}'}</code> matches every event.
    </p>
    <p>
      Compare with <code>$eq</code> <code>$ne</code> <code>$gt</code> <code>$gte</code> <code>$lt</code>{' '}
      <code>$lte</code>, with a list by <code>$in</code> <code>$nin</code>, test presence with <code>$exists</code>,
      negate with <code>$not</code>, combine with <code>$and</code> <code>$or</code> <code>$nor</code>. At most 8 levels
      and 100 nodes. Code and regular expressions are not allowed.
    </p>
  </>
);

export const policyForm = defineForm([
  { name: 'name', label: 'Name', kind: 'text', required: true, maxLength: 200 },
  { name: 'match', label: 'Match', kind: 'json', rows: { min: 8, max: 24 }, help: <MatchHelp /> },
  { name: 'severity', label: 'Severity', kind: 'select', options: optionsOf(severities.toReversed()) },
  {
    name: 'kind',
    label: 'Kind',
    kind: 'select',
    options: optionsOf(escalationKinds),
    help: 'What the reviewer is asked for.',
  },
  // The order of the list, which isn't part of a policy.
  { name: 'place', label: 'Place', kind: 'number', path: null, help: 'Policies are evaluated from 1 upwards.' },
  {
    name: 'title',
    label: 'Title',
    kind: 'text',
    empty: 'null',
    maxLength: 500,
    help: 'Of the escalations that it raises. By default the policy’s name.',
  },
  { name: 'enabled', label: 'On', kind: 'checkbox' },
]);

export const policiesOf = ({ policies }: Pick<Policies, 'policies'>): Policy[] => policies.map(toPolicy);

/** @param index the policy's position in the list, from 0 */
export const storedValues = ({ name, severity, kind, title, enabled, match }: Policy, index: number): FormValues => ({
  name,
  severity,
  kind,
  title: title ?? '',
  enabled: enabled ? 'on' : '',
  place: String(index + 1),
  match: jsonText(match),
});

/** An example to start from. @param count of the existing policies */
export const newPolicyValues = (count: number): FormValues => ({
  name: '',
  severity: 'high',
  kind: 'review',
  title: '',
  enabled: 'on',
  place: String(count + 1),
  match: jsonText({ 'gateway.environment': 'production', risk: { $gte: 80 } }),
});

/** The index that the typed place stands for, from 0; the end of the list when it is no number. */
export function indexOf(values: FormValues, otherPolicies: number): number {
  const place = textOf(values, 'place');
  const index = /^\d+$/.test(place) ? Number(place) - 1 : otherPolicies;
  return Math.min(Math.max(index, 0), otherPolicies);
}
