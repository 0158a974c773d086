import { newId } from '../../lib/ids.js';
import type { ApiKeyDoc } from '../../auth/api-key-model.js';
import type { ApiKeyService } from '../../auth/api-key-service.js';
import { permissions, type Permission } from '../../http/caller.js';
import { createApiKeyBody } from '../../auth/schema.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import { defineForm } from '../forms/form.js';
import { Dangerous, PostForm } from '../forms/post-form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import { Empty, Pager } from '../parts/list.js';
import { Time } from '../parts/time.js';
import type { Session } from '../session/sessions.js';

const path = '/settings/api-keys';

const permissionHints: Record<Permission, string> = {
  read: 'see everything',
  review: 'claim, resolve and note escalations; includes read',
  configure: 'change settings and tickets; includes read and review',
  ingest: 'send events and raise escalations',
};

const keyForm = defineForm([
  { name: 'name', label: 'Name', kind: 'text', required: true, help: 'The person or program that uses the key.' },
  {
    name: 'permissions',
    label: 'Permissions',
    kind: 'checkboxes',
    required: true,
    options: permissions.map((value) => ({ value, label: <strong>{value}</strong>, hint: permissionHints[value] })),
  },
  {
    name: 'may_act',
    label: 'Several people share it',
    kind: 'checkbox',
    hint: 'and identify themselves when they sign in or call the API.',
  },
]);

/** An org's API keys: created here, shown once, and ended. */
export function apiKeyPages({ apiKeys }: { apiKeys: ApiKeyService }): PageSpec[] {
  async function show(request: PageRequest, { errors, status }: Refusal = { errors: noErrors, status: 200 }) {
    const { org, query, session, form } = request;
    const { data, next_cursor } = await apiKeys.list(org, { limit: 50, cursor: query.get('cursor') ?? undefined });
    return pageOf(
      'API keys',
      <>
        <div class="head">
          <div>
            <h1>API keys</h1>
            <p class="dim">
              For gateways and other programs, and for signing in to this console. A key is shown once, when it is
              created.
            </p>
          </div>
        </div>
        {data.length === 0 ? (
          <Empty title="No keys yet">
            Create one below. Gateways need a key to ingest, reviewers need one to review.
          </Empty>
        ) : (
          <KeyTable keys={data} session={session} />
        )}
        <Pager path={path} query={query} nextCursor={next_cursor} />
        <h2>Create a key</h2>
        <ErrorSummary errors={errors} />
        <PostForm session={session} action={path}>
          <Fields state={{ form: keyForm, values: keyForm.read(form), errors }} />
          <p>
            <button class="primary">Create key</button>
          </p>
        </PostForm>
      </>,
      { status },
    );
  }

  return [
    definePage({ method: 'get', path, access: 'configure', handler: (request) => show(request) }),
    definePage({
      method: 'post',
      path,
      audit: { action: 'api_key.created', subject: '/orgs/{org}/api-keys/{id}' },
      access: 'configure',
      handler: async (request) => {
        const { org, form, session } = request;
        const created = await attempt(
          async () =>
            apiKeys.create(org, keyForm.parse(createApiKeyBody, keyForm.read(form)), {
              caller: session.caller,
              newId,
            }),
          keyForm.errorsOf,
        );
        if ('errors' in created) return show(request, created);
        const { apiKey, key } = created.value;
        return redirectTo(path, { secret: { label: `The key ${apiKey.name}.`, value: key } });
      },
    }),
    definePage({
      method: 'post',
      path: `${path}/{id}/end`,
      audit: { action: 'api_key.deleted', subject: '/orgs/{org}/api-keys/{id}' },
      access: 'configure',
      handler: async ({ org, params, session }) => {
        await apiKeys.remove(org, params.id ?? '', session.caller);
        return redirectTo(path, { notice: 'The key has ended. Calls with it are refused within seconds.' });
      },
    }),
  ];
}

function KeyTable({ keys, session }: { keys: ApiKeyDoc[]; session: Pick<Session, 'formToken'> }) {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Begins with</th>
            <th scope="col">Permissions</th>
            <th scope="col">Last used</th>
            <th scope="col">Created</th>
            <th scope="col">
              <span class="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key._id}>
              <td>{key.name}</td>
              <td>
                <code>{key.prefix}…</code>
              </td>
              <td>{key.permissions.join(', ')}</td>
              <td>{key.last_used_at ? <Time at={key.last_used_at} /> : <span class="dim">never</span>}</td>
              <td>
                <Time at={key.created_at} />
              </td>
              <td class="act">
                <Dangerous session={session} action={`${path}/${key._id}/end`} ask="End…" confirm="End the key">
                  {`Calls with ${key.name} are refused within seconds, and everyone who signed in with it is signed out.`}
                </Dangerous>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
