import { toPolicy } from '../../escalations/policies/presenter.js';
import type { Policy } from '../../escalations/policies/evaluate.js';
import { replacePoliciesBody, type PolicyInput } from '../../escalations/policies/schema.js';
import type { Policies } from '../../escalations/policies/service.js';
import { validate } from '../../http/validation.js';
import type { Form } from '../form.js';
import { jsonText, parseJson } from './json-field.js';
import type { Difference } from '../parts/meanwhile.js';

export interface PolicyFields {
  name: string;
  severity: string;
  kind: string;
  title: string;
  /** `on`, or empty. */
  enabled: string;
  /** Its place among all, from 1. */
  place: string;
  /** JSON. */
  match: string;
}

export const policiesOf = ({ policies }: Pick<Policies, 'policies'>): Policy[] => policies.map(toPolicy);

/** @param index where it stands, from 0 */
export const fieldsOfPolicy = (
  { name, severity, kind, title, enabled, match }: Policy,
  index: number,
): PolicyFields => ({
  ...{ name, severity, kind },
  title: title ?? '',
  enabled: enabled ? 'on' : '',
  place: String(index + 1),
  match: jsonText(match),
});

/** Something to begin with. @param count of the policies there are */
export const newPolicyFields = (count: number): PolicyFields => ({
  name: '',
  severity: 'high',
  kind: 'review',
  title: '',
  enabled: 'on',
  place: String(count + 1),
  match: jsonText({ 'gateway.environment': 'production', risk: { $gte: 80 } }),
});

export const typedPolicy = (form: Form): PolicyFields => ({
  name: form.text('name'),
  severity: form.text('severity'),
  kind: form.text('kind'),
  title: form.text('title'),
  enabled: form.text('enabled'),
  place: form.text('place'),
  match: form.raw('match'),
});

/**
 * The list with this policy in its place.
 * @param id of one that there is; null for a new one
 * @returns where it stands in the list as well: the API's errors name it by that
 * @throws Problem 422
 */
export function listWith(
  policies: readonly Policy[],
  id: string | null,
  typed: PolicyFields,
): { list: unknown[]; index: number } {
  const { name, severity, kind, title, enabled, place, match } = typed;
  const parsed = parseJson(match, 'match');
  const others = policies.filter((policy) => policy.id !== id);
  const wanted = /^\d+$/.test(place) ? Number(place) - 1 : others.length;
  const index = Math.min(Math.max(wanted, 0), others.length);
  const policy = {
    ...(id !== null && { id }),
    ...{ name, severity, kind, match: parsed },
    title: title === '' ? null : title,
    enabled: enabled !== '',
  };
  return { list: [...others.slice(0, index), policy, ...others.slice(index)], index };
}

/** @throws Problem 422 */
export const policyInputs = (list: unknown[]): PolicyInput[] =>
  validate(replacePoliciesBody, { policies: list }).policies;

const labels: Record<keyof PolicyFields, string> = {
  name: 'Name',
  severity: 'Severity',
  kind: 'Kind',
  title: 'Title',
  enabled: 'On',
  place: 'Place',
  match: 'Match',
};

export function differencesOfPolicy(stored: PolicyFields, typed: PolicyFields): Difference[] {
  return (Object.keys(labels) as (keyof PolicyFields)[])
    .filter((field) => comparable(field, stored) !== comparable(field, typed))
    .map((field) => ({ field: labels[field], stored: comparable(field, stored), typed: comparable(field, typed) }));
}

/** JSON is compared without its white space. */
function comparable(field: keyof PolicyFields, fields: PolicyFields): string {
  const text = fields[field];
  if (field === 'enabled') return text === '' ? 'no' : 'yes';
  if (field !== 'match') return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
