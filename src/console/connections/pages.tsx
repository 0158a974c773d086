import type { ConnectionTest, TestConnection } from '../../integrations/connections/checks.js';
import type { ConnectionStateOf } from '../../integrations/connections/health.js';
import {
  connectionProviders,
  type ConnectionDoc,
  type ConnectionProvider,
} from '../../integrations/connections/model.js';
import { createConnectionBody, updateConnectionBody } from '../../integrations/connections/schema.js';
import { generateSecret } from '../../integrations/connections/secrets.js';
import type { ConnectionService } from '../../integrations/connections/service.js';
import type { AuditAction } from '../../http/audit.js';
import { notFound } from '../../http/problem.js';
import { newId } from '../../lib/ids.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import type { Flash } from '../session/sessions.js';
import { ConnectionPage } from './connection-page.js';
import { connectionForm, storedValues } from './form.js';
import { guideOf } from './guide.js';
import { ConnectionList, path, type ConnectionView } from './list-page.js';
import { NewConnection, ProviderChoice } from './new-page.js';
import { providerForms } from './providers.js';
import { StatusCard } from './status-card.js';

export interface ConnectionPagesDeps {
  service: ConnectionService;
  test: TestConnection;
  stateOf: ConnectionStateOf;
  /** The number of tickets that are linked through a connection. */
  countLinks: (connectionId: string) => Promise<number>;
  /** Without a trailing slash. */
  publicUrl: string;
}

const pageSize = 50;
const subject = '/orgs/{org}/connections/{id}';

/** An org's connections: list, create, show, edit, test and delete. */
export function connectionPages({ service, test, stateOf, countLinks, publicUrl }: ConnectionPagesDeps): PageSpec[] {
  const viewOf = async (connection: ConnectionDoc, defaultId: string | null): Promise<ConnectionView> => {
    const [state, linkedTickets] = await Promise.all([stateOf(connection), countLinks(connection._id)]);
    return { connection, isDefault: connection._id === defaultId, state, linkedTickets };
  };

  const find = ({ org, params }: PageRequest) => service.get(org, params.id ?? '');

  /** @param typed whether the form shows the posted values instead of the stored ones */
  async function show(request: PageRequest, refusal: Refusal | null = null, typed = false): Promise<PageReply> {
    const connection = await find(request);
    const view = await viewOf(connection, await service.defaultId(request.org));
    const form = connectionForm(connection.provider, connection);
    const state = {
      form,
      values: typed ? form.read(request.form) : storedValues(connection),
      errors: refusal?.errors ?? noErrors,
    };
    const webhookUrl = `${publicUrl}/api/v1/webhooks/connections/${connection._id}`;
    return pageOf(
      connection.name,
      <ConnectionPage request={request} view={view} webhookUrl={webhookUrl} state={state} />,
      { status: refusal?.status ?? 200, wide: true },
    );
  }

  function showNew(request: PageRequest, refusal: Refusal | null = null): PageReply {
    const provider = providerOf(request);
    const { title } = providerForms[provider];
    const form = connectionForm(provider, null);
    const state = {
      form,
      values: refusal ? form.read(request.form) : { name: title },
      errors: refusal?.errors ?? noErrors,
    };
    return pageOf(`Connect ${title}`, <NewConnection request={request} provider={provider} state={state} />, {
      status: refusal?.status ?? 200,
    });
  }

  /** An action of the connection's page: leads back to it, and shows a refusal there. */
  const actionPage = (
    action: string,
    audited: AuditAction,
    run: (request: PageRequest) => Promise<{ to?: string; flash?: Flash }>,
  ) =>
    definePage({
      method: 'post',
      path: `${path}/{id}${action}`,
      audit: { action: audited, subject },
      access: 'configure',
      handler: async (request) => {
        const done = await attempt(() => run(request));
        if ('errors' in done) return show(request, done);
        const { to = `${path}/${request.params.id ?? ''}`, flash } = done.value;
        return redirectTo(to, flash);
      },
    });

  return [
    definePage({
      method: 'get',
      path,
      access: 'read',
      handler: async (request) => {
        const { org, query } = request;
        const [{ data, next_cursor }, defaultId] = await Promise.all([
          service.list(org, { limit: pageSize, cursor: query.get('cursor') ?? undefined }),
          service.defaultId(org),
        ]);
        const connections = await Promise.all(data.map((connection) => viewOf(connection, defaultId)));
        const props = { request, connections, hasDefault: defaultId !== null, nextCursor: next_cursor };
        return pageOf('Connections', <ConnectionList {...props} />, { wide: true });
      },
    }),
    definePage({
      method: 'get',
      path: `${path}/new`,
      access: 'configure',
      handler: () => Promise.resolve(pageOf('New connection', <ProviderChoice />)),
    }),
    definePage({
      method: 'get',
      path: `${path}/new/{provider}`,
      access: 'configure',
      handler: (request) => Promise.resolve(showNew(request)),
    }),
    definePage({
      method: 'post',
      path: `${path}/new/{provider}`,
      audit: { action: 'connection.created', subject },
      access: 'configure',
      handler: async (request) => {
        const { org, form: posted, session } = request;
        const provider = providerOf(request);
        const form = connectionForm(provider, null);
        const created = await attempt(async () => {
          const input = form.parse(createConnectionBody, form.read(posted), { extra: { provider } });
          return service.create(org, input, { id: newId('con'), caller: session.caller });
        }, form.errorsOf);
        if ('errors' in created) return showNew(request, created);
        const { connection, webhookSecret } = created.value;
        const flash = testFlash('It was saved.', await test(connection));
        const secret = webhookSecret === undefined ? undefined : secretFlash(webhookSecret);
        return redirectTo(`${path}/${connection._id}`, { ...flash, secret });
      },
    }),
    definePage({
      method: 'get',
      path: `${path}/guides/{provider}`,
      access: 'read',
      handler: async (request) => {
        const provider = providerOf(request);
        return pageOf(providerForms[provider].title, await guideOf(provider));
      },
    }),
    definePage({ method: 'get', path: `${path}/{id}`, access: 'read', handler: (request) => show(request) }),
    definePage({
      method: 'post',
      path: `${path}/{id}`,
      audit: { action: 'connection.updated', subject },
      access: 'configure',
      handler: async (request) => {
        const { org, form: posted, session } = request;
        const before = await find(request);
        const form = connectionForm(before.provider, before);
        const saved = await attempt(async () => {
          const input = form.parse(updateConnectionBody, form.read(posted), { stored: storedValues(before) });
          return service.update(org, before._id, input, session.caller);
        }, form.errorsOf);
        if ('errors' in saved) return show(request, saved, true);
        const isChanged = saved.value.version !== before.version;
        const flash = isChanged
          ? testFlash('It was saved.', await test(saved.value))
          : { notice: 'Nothing was changed.' };
        return redirectTo(`${path}/${before._id}`, flash);
      },
    }),
    definePage({
      method: 'post',
      path: `${path}/{id}/test`,
      audit: { action: 'connection.tested', subject },
      access: 'configure',
      handler: async (request) => {
        const connection = await find(request);
        const id = connection._id;
        const tested = await test(connection);
        if (request.part === null) return redirectTo(`${path}/${id}`, testFlash('', tested));
        const state = await stateOf(connection);
        return { kind: 'part', body: <StatusCard request={request} id={id} state={state} tested={tested} /> };
      },
    }),
    actionPage('/default', 'connection.updated', async ({ org, params, form, session }) => {
      const isDefault = form.text('default') === 'yes';
      const { name } = await service.update(org, params.id ?? '', { default: isDefault }, session.caller);
      const notice = isDefault ? `New tickets go to ${name} from now on.` : `${name} is no longer the default.`;
      return { flash: { notice } };
    }),
    actionPage('/webhook-secret', 'connection.updated', async ({ org, params, session }) => {
      const webhook_secret = generateSecret();
      await service.update(org, params.id ?? '', { secrets: { webhook_secret } }, session.caller);
      return { flash: { secret: secretFlash(webhook_secret) } };
    }),
    actionPage('/delete', 'connection.deleted', async (request) => {
      const { _id, name } = await find(request);
      await service.remove(request.org, _id, request.session.caller);
      return { to: path, flash: { notice: `The connection ${name} was deleted.` } };
    }),
  ];
}

function providerOf({ params }: PageRequest): ConnectionProvider {
  const provider = connectionProviders.find((name) => name === params.provider);
  if (!provider) throw notFound('provider');
  return provider;
}

const secretFlash = (value: string) => ({ label: 'The webhook secret, for the tracker.', value });

const testFlash = (done: string, { ok, checks }: ConnectionTest): Flash => ({
  notice: `${done} The connection was tested: ${ok ? 'nothing is missing.' : 'tickets would fail.'}`.trim(),
  checks,
});
