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
import { notFound } from '../../http/problem.js';
import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import type { Flash } from '../session/sessions.js';
import { ConnectionPage } from './connection-page.js';
import { guideOf } from './guide.js';
import { createInput, updateInput } from './input.js';
import { ConnectionList, path, type SeenConnection } from './list-page.js';
import { NewConnection, ProviderChoice } from './new-page.js';
import { providerForms } from './providers.js';
import { Standing } from './standing.js';

export interface ConnectionPagesDeps {
  service: ConnectionService;
  test: TestConnection;
  stateOf: ConnectionStateOf;
  /** How many tickets are linked through it. */
  countLinks: (connectionId: string) => Promise<number>;
  /** Without a trailing slash. */
  publicUrl: string;
}

const listed = 50;

/** An org's own trackers: listed, made, looked at, changed and deleted. */
export function connectionPages({ service, test, stateOf, countLinks, publicUrl }: ConnectionPagesDeps): PageSpec[] {
  const see = async (connection: ConnectionDoc, defaultId: string | null): Promise<SeenConnection> => {
    const [state, links] = await Promise.all([stateOf(connection), countLinks(connection._id)]);
    return { connection, isDefault: connection._id === defaultId, state, links };
  };

  async function show(request: PageRequest, errors: FormErrors = noErrors, status = 200): Promise<PageReply> {
    const connection = await given(request);
    const seen = await see(connection, await service.defaultId(request.org));
    const webhookUrl = `${publicUrl}/api/v1/webhooks/connections/${connection._id}`;
    return pageOf(connection.name, <ConnectionPage {...{ request, webhookUrl, errors, ...seen }} />, {
      status,
      wide: true,
    });
  }

  const given = ({ org, params }: PageRequest) => service.get(org, params.id ?? '');

  /** Does it and leads back to the connection; a refusal shows the page with it. */
  const acting = (act: string, run: (request: PageRequest) => Promise<{ to?: string; flash?: Flash }>): PageSpec =>
    definePage({
      method: 'post',
      path: `${path}/{id}${act}`,
      access: 'configure',
      handler: async (request) => {
        const done = await attempt(() => run(request));
        if ('errors' in done) return show(request, done.errors, done.status);
        const { to = `${path}/${request.params.id ?? ''}`, flash } = done.value;
        return redirectTo(to, flash);
      },
    });

  const offer = (request: PageRequest, errors: FormErrors, status: number) => {
    const provider = providerOf(request);
    const body = <NewConnection {...{ request, provider, errors }} />;
    return pageOf(`Connect ${providerForms[provider].title}`, body, { status });
  };

  return [
    definePage({
      method: 'get',
      path,
      access: 'read',
      handler: async (request) => {
        const { org, query } = request;
        const cursor = query.get('cursor') ?? undefined;
        const [{ data, next_cursor }, defaultId] = await Promise.all([
          service.list(org, { limit: listed, cursor }),
          service.defaultId(org),
        ]);
        const seen = await Promise.all(data.map((one) => see(one, defaultId)));
        const props = { request, seen, hasDefault: defaultId !== null, nextCursor: next_cursor };
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
      handler: (request) => Promise.resolve(offer(request, noErrors, 200)),
    }),
    definePage({
      method: 'post',
      path: `${path}/new/{provider}`,
      access: 'configure',
      handler: async (request) => {
        const { org, form, session } = request;
        const provider = providerOf(request);
        const made = await attempt(() => {
          const input = validate(createConnectionBody, createInput(provider, form));
          return service.create(org, input, { id: newId('con'), caller: session.caller });
        });
        if ('errors' in made) return offer(request, made.errors, made.status);
        const { connection, webhookSecret } = made.value;
        const flash = foundFlash('It is stored.', await test(connection));
        return redirectTo(`${path}/${connection._id}`, {
          ...flash,
          ...(webhookSecret !== undefined && { secret: secretFlash(webhookSecret) }),
        });
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
    acting('', async (request) => {
      const { org, form, session } = request;
      const before = await given(request);
      const input = validate(updateConnectionBody, updateInput(before, form));
      const after = await service.update(org, before._id, input, session.caller);
      if (after.version === before.version) return { flash: { notice: 'Nothing was changed.' } };
      return { flash: foundFlash('It is saved.', await test(after)) };
    }),
    definePage({
      method: 'post',
      path: `${path}/{id}/test`,
      access: 'configure',
      handler: async (request) => {
        const connection = await given(request);
        const id = connection._id;
        const tested = await test(connection);
        if (request.part === null) return redirectTo(`${path}/${id}`, foundFlash('', tested));
        const state = await stateOf(connection);
        return { kind: 'part', body: <Standing {...{ request, id, state, tested }} /> };
      },
    }),
    acting('/default', async ({ org, params, form, session }) => {
      const isDefault = form.text('default') === 'yes';
      const { name } = await service.update(org, params.id ?? '', { default: isDefault }, session.caller);
      const notice = isDefault ? `New tickets go to ${name} from now on.` : `${name} is no longer the default.`;
      return { flash: { notice } };
    }),
    acting('/webhook-secret', async ({ org, params, session }) => {
      const webhook_secret = generateSecret();
      await service.update(org, params.id ?? '', { secrets: { webhook_secret } }, session.caller);
      return { flash: { secret: secretFlash(webhook_secret) } };
    }),
    acting('/delete', async (request) => {
      const { _id, name } = await given(request);
      await service.remove(request.org, _id, request.session.caller);
      return { to: path, flash: { notice: `The connection ${name} is deleted.` } };
    }),
  ];
}

function providerOf({ params }: PageRequest): ConnectionProvider {
  const provider = connectionProviders.find((each) => each === params.provider);
  if (!provider) throw notFound('provider');
  return provider;
}

const secretFlash = (value: string) => ({ label: 'The webhook secret, for the tracker.', value });

const foundFlash = (done: string, { ok, checks }: ConnectionTest): Flash => ({
  notice: `${done} The tracker was looked at: ${ok ? 'nothing is missing.' : 'tickets would fail.'}`.trim(),
  checks,
});
