import type { ConnectionTest } from '../../integrations/connections/checks.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { Badge } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { Dangerous } from '../parts/dangerous.js';
import { ErrorSummary } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { Time } from '../parts/time.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { ConnectionFields } from './connection-form.js';
import { shownOf, shownTyped } from './input.js';
import { path, type SeenConnection } from './list-page.js';
import { providerForms, settingWords } from './providers.js';
import { Standing } from './standing.js';

interface ConnectionProps extends SeenConnection {
  request: PageRequest;
  webhookUrl: string;
  errors: FormErrors;
  tested?: ConnectionTest;
}

/** A connection: what it is made of, how it is, and where its tracker's webhooks go. */
export function ConnectionPage({ request, webhookUrl, errors, tested, ...seen }: ConnectionProps) {
  const { connection, isDefault, state, links } = seen;
  const { _id: id, name, provider, created_at } = connection;
  const mayConfigure = request.can('configure');
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href={path}>Connections</a> / <CopyableId id={id} />
          </p>
          <h1>{name}</h1>
          <p>
            {providerForms[provider].title} {isDefault && <Badge tone="info">default</Badge>}{' '}
            <span class="dim">
              {`· ${links} linked ${links === 1 ? 'ticket' : 'tickets'} · made `}
              <Time at={created_at} />
            </span>
          </p>
        </div>
      </div>
      <ErrorSummary errors={errors} />
      <div class="columns">
        <div>{mayConfigure ? <Edit {...{ request, connection, errors }} /> : <Facts connection={connection} />}</div>
        <div>
          <Standing {...{ request, id, state, ...(tested && { tested }) }} />
          <Webhook {...{ connection, webhookUrl }} />
          {mayConfigure && <Acts {...{ request, ...seen }} />}
        </div>
      </div>
    </>
  );
}

function Edit({ request, connection, errors }: Pick<ConnectionProps, 'request' | 'connection' | 'errors'>) {
  const { provider, secrets, _id } = connection;
  const address = provider === 'webhook' ? 'the address' : 'the address or the user';
  return (
    <form method="post" action={`${path}/${_id}`}>
      <FormToken session={request.session} />
      <ConnectionFields
        {...{ provider, errors }}
        shown={shownTyped(request.form, shownOf(connection))}
        isSet={(name) => secrets[name] !== null}
      />
      <p class="help">{`Secrets that go to the tracker are to be typed again when ${address} changes.`}</p>
      <p>
        <button class="primary">Save and check</button>
      </p>
    </form>
  );
}

/** For those who may not change it. */
function Facts({ connection }: { connection: ConnectionDoc }) {
  const { settings, secrets } = providerForms[connection.provider];
  const values = connection.settings as unknown as Record<string, string | number | undefined>;
  const shown = shownOf(connection);
  return (
    <dl class="facts">
      {settings.map((field) => (
        <>
          <dt>{field.label}</dt>
          <dd>{settingWords(field, values[field.name])}</dd>
        </>
      ))}
      {secrets.map(({ name, label }) => (
        <>
          <dt>{label}</dt>
          <dd>{connection.secrets[name] === null ? 'not set' : 'set'}</dd>
        </>
      ))}
      {['status_map', 'field_map'].map((map) =>
        shown(map) === '' ? null : (
          <>
            <dt>{map === 'status_map' ? 'Status map' : 'Field map'}</dt>
            <dd>
              <pre tabindex={0}>{shown(map)}</pre>
            </dd>
          </>
        ),
      )}
    </dl>
  );
}

/** What to paste over there. */
const Webhook = ({ connection, webhookUrl }: { connection: ConnectionDoc; webhookUrl: string }) => (
  <section class="card" aria-label="Webhook">
    <h2>Webhook</h2>
    <p>
      {connection.provider === 'webhook'
        ? 'Replies are posted here, signed with the webhook secret:'
        : 'To hear of changes within seconds, give the tracker this address and the webhook secret:'}
    </p>
    <p>
      <CopyableId id={webhookUrl} label="webhook URL" />
    </p>
    {'poll_interval_seconds' in connection.settings && (
      <p class="dim">{`Without it the tracker is asked every ${connection.settings.poll_interval_seconds} s.`}</p>
    )}
    <p>
      <a href={`${path}/guides/${connection.provider}`}>Step by step</a>
    </p>
  </section>
);

function Acts({ request: { session }, connection, isDefault, links }: SeenConnection & { request: PageRequest }) {
  const { _id: id, provider } = connection;
  return (
    <section class="card" aria-label="More">
      <form method="post" action={`${path}/${id}/default`}>
        <FormToken session={session} />
        <input type="hidden" name="default" value={isDefault ? 'no' : 'yes'} />
        <p>{isDefault ? 'This org’s new tickets go here.' : 'New tickets of this org go elsewhere.'}</p>
        <p>
          <button>{isDefault ? 'No longer the default' : 'Make it the default'}</button>
        </p>
      </form>
      <Dangerous
        session={session}
        action={`${path}/${id}/webhook-secret`}
        ask="New webhook secret…"
        confirm="Make a new secret"
      >
        The one that is in use ends at once:{' '}
        {provider === 'webhook'
          ? 'the receiver refuses what is sent, and its replies are refused, until it has the new one.'
          : 'the tracker’s webhooks are refused until it has the new one. Polling brings what is missed.'}{' '}
        It is shown once.
      </Dangerous>
      {links > 0 ? (
        <p class="dim">
          {`It cannot be deleted while ${links === 1 ? 'a ticket is' : `${links} tickets are`} linked through it.`}
        </p>
      ) : (
        <Dangerous session={session} action={`${path}/${id}/delete`} ask="Delete…" confirm="Delete the connection">
          {isDefault && 'New tickets will go where the environment says. '}Its secrets and settings are gone for good;
          the tracker’s tickets stay as they are.
        </Dangerous>
      )}
    </section>
  );
}
