import type { Policy } from '../../escalations/policies/evaluate.js';
import { replacePoliciesBody, type PolicyInput } from '../../escalations/policies/schema.js';
import type { PolicyService } from '../../escalations/policies/service.js';
import type { Audited } from '../../http/audit.js';
import { changedSince } from '../../http/etag.js';
import { notFound } from '../../http/problem.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import { textOf } from '../forms/field.js';
import { withStaleEditNotice } from '../forms/stale-edit.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { newPolicyPath, orderPath, policiesPath } from './head.js';
import { PoliciesPage, PolicyList, policyListId } from './policies-page.js';
import { indexOf, newPolicyValues, policiesOf, policyForm, storedValues } from './policy-form.js';
import { PolicyPage } from './policy-page.js';

/** The ordered list of policies: one document, of which each page changes one policy. */
export function policyPages({ policies: service }: { policies: PolicyService }): PageSpec[] {
  const load = async ({ org }: PageRequest) => policiesOf(await service.get(org));
  const replace = ({ org, session, form }: PageRequest, list: PolicyInput[]) =>
    service.replace(org, list, { caller: session.caller, ifMatch: form.text('etag') });

  async function showList(
    request: PageRequest,
    refusal: Refusal | null = null,
    announcement: string | null = null,
  ): Promise<PageReply> {
    const stored = await service.get(request.org);
    const errors = refusal ? withStaleEditNotice(refusal, notices.listChanged) : noErrors;
    const props = { request, policies: policiesOf(stored), version: stored.version, errors, announcement };
    const status = refusal?.status ?? 200;
    if (request.part === policyListId) return { kind: 'part', status, body: <PolicyList {...props} /> };
    return pageOf('Policies', <PoliciesPage {...props} />, { status, wide: true });
  }

  /** @param id null for a new policy */
  async function showOne(request: PageRequest, id: string | null, refusal: Refusal | null = null): Promise<PageReply> {
    const stored = await service.get(request.org);
    const policies = policiesOf(stored);
    const index = policies.findIndex((policy) => policy.id === id);
    const policy = policies[index] ?? null;
    if (id !== null && !policy && !refusal) throw notFound('policy');
    const current = policy ? storedValues(policy, index) : newPolicyValues(policies.length);
    const values = refusal ? policyForm.read(request.form) : current;
    const notice = id === null ? notices.listChangedElsewhere : policy ? notices.policyChanged : notices.policyRemoved;
    const body = (
      <PolicyPage
        request={request}
        policy={policy}
        version={stored.version}
        state={{ form: policyForm, values, errors: refusal ? withStaleEditNotice(refusal, notice) : noErrors }}
        differences={refusal?.status === 412 && policy ? policyForm.differences(current, values) : null}
      />
    );
    return pageOf(policy?.name ?? 'Add a policy', body, { status: refusal?.status ?? 200 });
  }

  async function save(request: PageRequest, id: string | null): Promise<PageReply> {
    const policies = await load(request);
    const others = policies.filter((policy) => policy.id !== id);
    const values = policyForm.read(request.form);
    const index = indexOf(values, others.length);
    const path = `policies[${index}]`;
    const saved = await attempt(
      async () => {
        if (id !== null && others.length === policies.length) throw changedSince();
        const input = policyForm.parse(replacePoliciesBody, values, {
          extra: { id: id ?? undefined },
          embed: {
            path,
            body: (policy) => ({ policies: [...others.slice(0, index), policy, ...others.slice(index)] }),
          },
        });
        return replace(request, input.policies);
      },
      (problem) => policyForm.errorsOf(problem, path),
    );
    if ('errors' in saved) return showOne(request, id, saved);
    return redirectTo(policiesPath, { notice: `${textOf(values, 'name')} was saved.` });
  }

  return [
    definePage({ method: 'get', path: policiesPath, access: 'read', handler: (request) => showList(request) }),
    definePage({
      method: 'post',
      path: orderPath,
      audit: policiesReplaced,
      access: 'configure',
      handler: async (request) => {
        const policies = await load(request);
        const changed = await attempt(async () => {
          const { list, announcement } = applyAction(policies, request.form.text('act'));
          if (list.some((policy, index) => policy !== policies[index])) await replace(request, list);
          return announcement;
        });
        if ('errors' in changed) return showList(request, changed);
        if (request.part !== null) return showList(request, null, changed.value);
        return redirectTo(policiesPath, { notice: changed.value });
      },
    }),
    definePage({
      method: 'get',
      path: newPolicyPath,
      access: 'configure',
      handler: (request) => showOne(request, null),
    }),
    definePage({
      method: 'post',
      path: policiesPath,
      audit: policiesReplaced,
      access: 'configure',
      handler: (request) => save(request, null),
    }),
    definePage({
      method: 'get',
      path: `${policiesPath}/{id}`,
      access: 'read',
      handler: (request) => showOne(request, request.params.id ?? ''),
    }),
    definePage({
      method: 'post',
      path: `${policiesPath}/{id}`,
      audit: policiesReplaced,
      access: 'configure',
      handler: (request) => save(request, request.params.id ?? ''),
    }),
    definePage({
      method: 'post',
      path: `${policiesPath}/{id}/remove`,
      audit: policiesReplaced,
      access: 'configure',
      handler: async (request) => {
        const policies = await load(request);
        const policy = policies.find(({ id }) => id === request.params.id);
        if (!policy) return redirectTo(policiesPath, { notice: 'The policy had already been removed.' });
        const others = policies.filter((other) => other !== policy);
        const removed = await attempt(() => replace(request, others));
        if ('errors' in removed) return showList(request, removed);
        return redirectTo(policiesPath, { notice: `${policy.name} was removed.` });
      },
    }),
  ];
}

const policiesReplaced: Audited = {
  action: 'escalation_policies.replaced',
  subject: '/orgs/{org}/escalation-policies',
};

const notices = {
  listChanged: 'Somebody else changed the policies. This is their current state. Nothing was changed.',
  listChangedElsewhere: 'Somebody else changed the policies. Your input is kept below. Nothing was saved.',
  policyChanged: 'Somebody else changed the policies, perhaps this one. Your input is kept below. Nothing was saved.',
  policyRemoved: 'Somebody else removed this policy. Your input is kept below. Adding it creates a new policy.',
};

/**
 * Applies a button of the list.
 * @param action `up:pol_1`, `down:…`, `on:…` or `off:…`
 * @returns the new list, and a sentence that says what has changed
 * @throws Problem 412 when the policy no longer exists
 */
function applyAction(policies: readonly Policy[], action: string): { list: Policy[]; announcement: string } {
  const [, verb = '', id] = /^(up|down|on|off):(.+)$/.exec(action) ?? [];
  const index = policies.findIndex((policy) => policy.id === id);
  const policy = policies[index];
  if (!policy) throw changedSince();
  const list = [...policies];
  if (verb === 'on' || verb === 'off') {
    list[index] = { ...policy, enabled: verb === 'on' };
    return { list, announcement: `${policy.name} is ${verb}.` };
  }
  const newIndex = Math.min(Math.max(index + (verb === 'up' ? -1 : 1), 0), list.length - 1);
  list.splice(index, 1);
  list.splice(newIndex, 0, policy);
  return { list, announcement: `${policy.name} is number ${newIndex + 1} now.` };
}
