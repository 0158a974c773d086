import { forbidden } from '../../http/problem.js';
import { newId } from '../../lib/ids.js';
import { validate } from '../../http/validation.js';
import type { OrgService } from '../../auth/org-service.js';
import { createOrgBody } from '../../auth/schema.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import { ErrorSummary, TextField } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { Pager } from '../parts/pager.js';
import { localPath } from '../session/local-path.js';
import type { Sessions } from '../session/sessions.js';

export interface OrgPagesDeps {
  orgs: OrgService;
  sessions: Pick<Sessions, 'chooseOrg'>;
}

/** Where an administrator chooses the org to look at, or makes the first one. */
export function orgPages({ orgs, sessions }: OrgPagesDeps): PageSpec[] {
  async function show(request: PageRequest, typed = { id: '', name: '' }, errors: FormErrors = noErrors, status = 200) {
    requireAdmin(request);
    const { session, query } = request;
    const cursor = query.get('cursor') ?? undefined;
    const { data, next_cursor } = await orgs.list({ limit: 50, cursor });
    const next = localPath(query.get('next'));
    const body = (
      <>
        <div class="head">
          <h1>Orgs</h1>
        </div>
        {data.length > 0 && (
          <ul class="orgs">
            {data.map(({ _id, name }) => (
              <li key={_id}>
                <form method="post" action="/orgs/choose">
                  <FormToken session={session} />
                  <input type="hidden" name="org" value={_id} />
                  <input type="hidden" name="next" value={next} />
                  <button>
                    {name} <span class="dim">{_id}</span>
                  </button>
                </form>
              </li>
            ))}
          </ul>
        )}
        <Pager path="/orgs" query={query} nextCursor={next_cursor} />
        <h2>{data.length === 0 ? 'Make your first org' : 'Make another'}</h2>
        <ErrorSummary errors={errors} />
        <form method="post" action="/orgs">
          <FormToken session={session} />
          <TextField
            label="Id"
            name="id"
            value={typed.id}
            errors={errors}
            required
            help="Small letters, digits and hyphens, such as acme. It stays."
          />
          <TextField label="Name" name="name" value={typed.name} errors={errors} required />
          <button class={data.length === 0 ? 'primary' : undefined}>Make org</button>
        </form>
      </>
    );
    return pageOf('Orgs', body, { status });
  }

  return [
    definePage({ method: 'get', path: '/orgs', access: 'read', withoutOrg: true, handler: (request) => show(request) }),
    definePage({
      method: 'post',
      path: '/orgs',
      access: 'configure',
      withoutOrg: true,
      handler: async (request) => {
        requireAdmin(request);
        const { form, session } = request;
        const typed = { id: form.text('id'), name: form.text('name') };
        const made = await attempt(async () => orgs.create(validate(createOrgBody, typed), newId));
        if ('errors' in made) return show(request, typed, made.errors, made.status);
        await sessions.chooseOrg(session, made.value._id);
        return redirectTo('/setup', { notice: `The org ${made.value.name} is there. Here is what to set up.` });
      },
    }),
    definePage({
      method: 'post',
      path: '/orgs/choose',
      access: 'read',
      withoutOrg: true,
      handler: async (request) => {
        requireAdmin(request);
        const org = await orgs.get(request.form.text('org'));
        await sessions.chooseOrg(request.session, org._id);
        return redirectTo(localPath(request.form.text('next')));
      },
    }),
  ];
}

function requireAdmin({ session }: PageRequest): void {
  if (session.caller.kind !== 'admin') throw forbidden('Orgs are chosen with the administrator’s key.');
}
