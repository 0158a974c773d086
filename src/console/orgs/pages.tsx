import type { Audit } from '../../auth/audit/audit.js';
import { forbidden } from '../../http/problem.js';
import { newId } from '../../lib/ids.js';
import type { OrgDoc } from '../../auth/org-model.js';
import type { OrgService } from '../../auth/org-service.js';
import { createOrgBody } from '../../auth/schema.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import { defineForm } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import { Pager } from '../parts/list.js';
import { localPath } from '../session/origin.js';
import type { Session, Sessions } from '../session/sessions.js';

export interface OrgPagesDeps {
  orgs: OrgService;
  sessions: Pick<Sessions, 'chooseOrg'>;
  audit: Audit;
}

const orgForm = defineForm([
  {
    name: 'id',
    label: 'Id',
    kind: 'text',
    required: true,
    help: 'Lower-case letters, digits and hyphens, such as acme. It can’t be changed later.',
  },
  { name: 'name', label: 'Name', kind: 'text', required: true },
]);

/** An administrator chooses an org here, or creates one. */
export function orgPages({ orgs, sessions, audit }: OrgPagesDeps): PageSpec[] {
  /** In the log of the org that the administrator enters. */
  const recordSwitch = ({ caller }: Session, { _id: id, name }: OrgDoc) =>
    audit.record(id, caller, { action: 'session.switched', subject: { type: 'org', id, name } });

  async function show(request: PageRequest, { errors, status }: Refusal = { errors: noErrors, status: 200 }) {
    requireAdmin(request);
    const { session, query, form } = request;
    const { data, next_cursor } = await orgs.list({ limit: 50, cursor: query.get('cursor') ?? undefined });
    const returnTo = localPath(query.get('next'));
    const body = (
      <>
        <div class="head">
          <h1>Orgs</h1>
        </div>
        {data.length > 0 && (
          <ul class="orgs">
            {data.map(({ _id, name }) => (
              <li key={_id}>
                <PostForm session={session} action="/orgs/choose">
                  <input type="hidden" name="org" value={_id} />
                  <input type="hidden" name="next" value={returnTo} />
                  <button>
                    {name} <span class="dim">{_id}</span>
                  </button>
                </PostForm>
              </li>
            ))}
          </ul>
        )}
        <Pager path="/orgs" query={query} nextCursor={next_cursor} />
        <h2>{data.length === 0 ? 'Create your first org' : 'Create another org'}</h2>
        <ErrorSummary errors={errors} />
        <PostForm session={session} action="/orgs">
          <Fields state={{ form: orgForm, values: orgForm.read(form), errors }} />
          <button class={data.length === 0 ? 'primary' : undefined}>Create org</button>
        </PostForm>
      </>
    );
    return pageOf('Orgs', body, { status });
  }

  return [
    definePage({ method: 'get', path: '/orgs', access: 'read', withoutOrg: true, handler: (request) => show(request) }),
    definePage({
      method: 'post',
      path: '/orgs',
      audit: { action: 'org.created', subject: '/orgs/{org_id}' },
      access: 'configure',
      withoutOrg: true,
      handler: async (request) => {
        requireAdmin(request);
        const { form, session } = request;
        const created = await attempt(
          async () => orgs.create(orgForm.parse(createOrgBody, orgForm.read(form)), { caller: session.caller, newId }),
          orgForm.errorsOf,
        );
        if ('errors' in created) return show(request, created);
        const { _id, name } = created.value;
        await sessions.chooseOrg(session, _id);
        return redirectTo('/setup', { notice: `The org ${name} was created. Set it up here.` });
      },
    }),
    definePage({
      method: 'post',
      path: '/orgs/choose',
      audit: { action: 'session.switched', subject: '/orgs/{chosen}' },
      access: 'read',
      withoutOrg: true,
      handler: async (request) => {
        requireAdmin(request);
        const org = await orgs.get(request.form.text('org'));
        await sessions.chooseOrg(request.session, org._id);
        await recordSwitch(request.session, org);
        return redirectTo(localPath(request.form.text('next')));
      },
    }),
  ];
}

function requireAdmin({ session }: PageRequest): void {
  if (session.caller.kind !== 'admin') throw forbidden('Only the administrator’s key can choose and create orgs.');
}
