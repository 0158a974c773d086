import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import type { ApiKeyDoc } from '../../auth/api-key-model.js';
import type { ApiKeyService } from '../../auth/api-key-service.js';
import { permissions } from '../../http/caller.js';
import { createApiKeyBody } from '../../auth/schema.js';
import { attempt, noErrors, type Form, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import { Dangerous } from '../parts/dangerous.js';
import { Empty } from '../parts/empty.js';
import { ErrorSummary, TextField } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { Pager } from '../parts/pager.js';
import { Time } from '../parts/time.js';
import type { Session } from '../session/sessions.js';

const path = '/settings/api-keys';

const what: Record<(typeof permissions)[number], string> = {
  read: 'see everything',
  review: 'claim, resolve and note escalations; includes read',
  configure: 'change settings and tickets; includes read and review',
  ingest: 'send events and raise escalations',
};

/** An org's keys: made here, shown once, and ended. */
export function apiKeyPages({ apiKeys }: { apiKeys: ApiKeyService }): PageSpec[] {
  async function show(request: PageRequest, errors: FormErrors = noErrors, status = 200) {
    const { org, query, session, form } = request;
    const { data, next_cursor } = await apiKeys.list(org, { limit: 50, cursor: query.get('cursor') ?? undefined });
    return pageOf(
      'API keys',
      <>
        <div class="head">
          <div>
            <h1>API keys</h1>
            <p class="dim">
              For gateways and other programs, and for signing in here. A key is shown once, when it is made.
            </p>
          </div>
        </div>
        {data.length === 0 ? (
          <Empty title="No keys yet">Make one below: gateways need a key to ingest, reviewers one to review.</Empty>
        ) : (
          <KeyTable keys={data} session={session} />
        )}
        <Pager path={path} query={query} nextCursor={next_cursor} />
        <h2>Make a key</h2>
        <ErrorSummary errors={errors} />
        <form method="post" action={path}>
          <FormToken session={session} />
          <TextField
            label="Name"
            name="name"
            value={form.text('name')}
            errors={errors}
            required
            help="Who or what uses it."
          />
          <fieldset>
            <legend>It may</legend>
            {permissions.map((permission) => (
              <label class="check" key={permission}>
                <input
                  type="checkbox"
                  name="permissions"
                  value={permission}
                  checked={form.all('permissions').includes(permission)}
                />
                <span>
                  <strong>{permission}</strong> <span class="dim">{what[permission]}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <label class="check">
            <input type="checkbox" name="may_act" checked={form.has('may_act')} />
            <span>
              Several people share it <span class="dim">and say who they are when they sign in or call.</span>
            </span>
          </label>
          <p>
            <button class="primary">Make key</button>
          </p>
        </form>
      </>,
      { status },
    );
  }

  return [
    definePage({ method: 'get', path, access: 'configure', handler: (request) => show(request) }),
    definePage({
      method: 'post',
      path,
      access: 'configure',
      handler: async (request) => {
        const { org, form, session } = request;
        const made = await attempt(() =>
          apiKeys.create(org, validate(createApiKeyBody, inputOf(form)), { caller: session.caller, newId }),
        );
        if ('errors' in made) return show(request, made.errors, made.status);
        const { apiKey, key } = made.value;
        return redirectTo(path, { secret: { label: `The key ${apiKey.name}.`, value: key } });
      },
    }),
    definePage({
      method: 'post',
      path: `${path}/{id}/end`,
      access: 'configure',
      handler: async ({ org, params, session }) => {
        await apiKeys.remove(org, params.id ?? '', session.caller);
        return redirectTo(path, { notice: 'The key is ended. Calls with it are refused within seconds.' });
      },
    }),
  ];
}

const inputOf = (form: Form) => ({
  name: form.text('name'),
  permissions: form.all('permissions'),
  may_act: form.has('may_act'),
});

function KeyTable({ keys, session }: { keys: ApiKeyDoc[]; session: Pick<Session, 'formToken'> }) {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Begins with</th>
            <th scope="col">May</th>
            <th scope="col">Last used</th>
            <th scope="col">Made</th>
            <th scope="col">
              <span class="hidden">What to do</span>
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
                  {`Whatever uses ${key.name} is refused within seconds, and those who signed in with it are signed out.`}
                </Dangerous>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
