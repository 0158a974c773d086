import type { Policy } from '../../escalations/policies/evaluate.js';
import type { PolicyService } from '../../escalations/policies/service.js';
import { changedSince } from '../../http/etag.js';
import { notFound } from '../../http/problem.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { errorsOfEntry } from '../parts/entry-errors.js';
import { inWords } from './json-field.js';
import { inFormWords } from '../parts/meanwhile.js';
import { newPolicyPath, orderPath, PoliciesPage, policiesPath, PolicyList } from './policies-page.js';
import {
  differencesOfPolicy,
  fieldsOfPolicy,
  listWith,
  newPolicyFields,
  policiesOf,
  policyInputs,
  typedPolicy,
  type PolicyFields,
} from './policy-form.js';
import { PolicyPage } from './policy-page.js';
import { applyAct } from './policy-acts.js';

interface Typed {
  fields: PolicyFields;
  errors: FormErrors;
  status: number;
}

/** The ordered policies: one document, changed one policy at a time. */
export function policyPages({ policies: service }: { policies: PolicyService }): PageSpec[] {
  const replace = ({ org, session, form }: PageRequest, list: unknown[]) =>
    service.replace(org, policyInputs(list), { caller: session.caller, ifMatch: form.text('etag') });

  async function showList(request: PageRequest, errors = noErrors, status = 200, done: string | null = null) {
    const stored = await service.get(request.org);
    const props = { request, policies: policiesOf(stored), version: stored.version, errors, done };
    if (request.part === 'policies') return { kind: 'part', status, body: <PolicyList {...props} /> } as const;
    return pageOf('Policies', <PoliciesPage {...props} />, { status, wide: true });
  }

  /** @param id null for a new one */
  async function showOne(request: PageRequest, id: string | null, typed: Typed | null = null): Promise<PageReply> {
    const stored = await service.get(request.org);
    const policies = policiesOf(stored);
    const index = policies.findIndex((policy) => policy.id === id);
    const policy = policies[index] ?? null;
    if (id !== null && !policy && !typed) throw notFound('policy');
    const current = policy ? fieldsOfPolicy(policy, index) : newPolicyFields(policies.length);
    const isLost = typed?.status === 412;
    const body = (
      <PolicyPage
        {...{ request, policy, version: stored.version }}
        fields={typed?.fields ?? current}
        errors={isLost ? { ...noErrors, summary: lostWords(id, policy) } : (typed?.errors ?? noErrors)}
        differences={isLost && policy ? differencesOfPolicy(current, typed.fields) : null}
      />
    );
    return pageOf(policy?.name ?? 'Add a policy', body, { status: typed?.status ?? 200 });
  }

  async function save(request: PageRequest, id: string | null): Promise<PageReply> {
    const policies = policiesOf(await service.get(request.org));
    const fields = typedPolicy(request.form);
    let place = 0;
    const saved = await attempt(async () => {
      if (id !== null && !policies.some((policy) => policy.id === id)) throw changedSince();
      const { list, index } = listWith(policies, id, fields);
      place = index;
      return replace(request, list);
    });
    if ('value' in saved) return redirectTo(policiesPath, { notice: `${fields.name} is saved.` });
    const errors = inWords(errorsOfEntry(saved.errors, 'policies', place), 'match');
    return showOne(request, id, { fields, errors, status: saved.status });
  }

  return [
    definePage({ method: 'get', path: policiesPath, access: 'read', handler: (request) => showList(request) }),
    definePage({
      method: 'post',
      path: orderPath,
      access: 'configure',
      handler: async (request) => {
        const policies = policiesOf(await service.get(request.org));
        const changed = await attempt(async () => {
          const { list, done } = applyAct(policies, request.form.text('act'));
          if (list.some((policy, index) => policy !== policies[index])) await replace(request, list);
          return done;
        });
        if ('errors' in changed) {
          return showList(request, inFormWords(changed.errors, changed.status, listChanged), changed.status);
        }
        if (request.part !== null) return showList(request, noErrors, 200, changed.value);
        return redirectTo(policiesPath, { notice: changed.value });
      },
    }),
    definePage({
      method: 'get',
      path: newPolicyPath,
      access: 'configure',
      handler: (request) => showOne(request, null),
    }),
    definePage({ method: 'post', path: policiesPath, access: 'configure', handler: (request) => save(request, null) }),
    definePage({
      method: 'get',
      path: `${policiesPath}/{id}`,
      access: 'read',
      handler: (request) => showOne(request, request.params.id ?? ''),
    }),
    definePage({
      method: 'post',
      path: `${policiesPath}/{id}`,
      access: 'configure',
      handler: (request) => save(request, request.params.id ?? ''),
    }),
    definePage({
      method: 'post',
      path: `${policiesPath}/{id}/remove`,
      access: 'configure',
      handler: async (request) => {
        const policies = policiesOf(await service.get(request.org));
        const removed = policies.find(({ id }) => id === request.params.id);
        if (!removed) return redirectTo(policiesPath, { notice: 'The policy was removed already.' });
        const done = await attempt(() =>
          replace(
            request,
            policies.filter((policy) => policy !== removed),
          ),
        );
        if ('value' in done) return redirectTo(policiesPath, { notice: `${removed.name} is removed.` });
        return showList(request, inFormWords(done.errors, done.status, listChanged), done.status);
      },
    }),
  ];
}

const listChanged = 'Somebody changed the policies meanwhile: this is how they are now. Nothing was changed.';

const lostWords = (id: string | null, policy: Policy | null): string => {
  if (id !== null && !policy) {
    return 'Somebody removed this policy meanwhile. What you typed is kept below: saving adds it as a new one.';
  }
  const what = id === null ? 'the policies' : 'the policies, perhaps this one,';
  return `Somebody changed ${what} meanwhile. What you typed is kept below; nothing was saved.`;
};
