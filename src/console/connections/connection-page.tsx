import type { ConnectionTest } from '../../integrations/connections/checks.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { ErrorSummary } from '../forms/fields.js';
import type { Field } from '../forms/field.js';
import type { FormState } from '../forms/form.js';
import { Dangerous, PostForm } from '../forms/post-form.js';
import { Badge } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { Time } from '../parts/time.js';
import type { PageRequest } from '../page.js';
import { ConnectionFields, settingText, storedValues } from './form.js';
import { path, type ConnectionView } from './list-page.js';
import { providerForms } from './providers.js';
import { StatusCard } from './status-card.js';

interface ConnectionPageProps {
  request: PageRequest;
  view: ConnectionView;
  webhookUrl: string;
  state: FormState;
  tested?: ConnectionTest | undefined;
}

/** A connection: its settings, its health, and the URL for the tracker's webhooks. */
export function ConnectionPage({ request, view, webhookUrl, state, tested }: ConnectionPageProps) {
  const { connection, isDefault, linkedTickets } = view;
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
              {`· ${linkedTickets} linked ${linkedTickets === 1 ? 'ticket' : 'tickets'} · created `}
              <Time at={created_at} />
            </span>
          </p>
        </div>
      </div>
      <ErrorSummary errors={state.errors} />
      <div class="columns">
        <div>
          {mayConfigure ? (
            <EditForm request={request} connection={connection} state={state} />
          ) : (
            <Facts connection={connection} />
          )}
        </div>
        <div>
          <StatusCard request={request} id={id} state={view.state} tested={tested} />
          <WebhookCard connection={connection} webhookUrl={webhookUrl} />
          {mayConfigure && <ActionsCard request={request} view={view} />}
        </div>
      </div>
    </>
  );
}

function EditForm({
  request,
  connection: { _id, provider },
  state,
}: Pick<ConnectionPageProps, 'request' | 'state'> & { connection: ConnectionDoc }) {
  const cause = provider === 'webhook' ? 'the URL' : 'the address or the user';
  return (
    <PostForm session={request.session} action={`${path}/${_id}`}>
      <ConnectionFields provider={provider} state={state} />
      <p class="help">{`Secrets that are sent to the tracker must be typed again when ${cause} changes.`}</p>
      <p>
        <button class="primary">Save and test</button>
      </p>
    </PostForm>
  );
}

/** For readers, instead of the form. */
function Facts({ connection }: { connection: ConnectionDoc }) {
  const { settings, secrets } = providerForms[connection.provider];
  const { status_map: statusMap, field_map: fieldMap } = storedValues(connection);
  return (
    <dl class="facts">
      {settings.map((field) => (
        <>
          <dt>{field.label}</dt>
          <dd>{settingLabel(connection, field)}</dd>
        </>
      ))}
      {secrets.map(({ name, label }) => (
        <>
          <dt>{label}</dt>
          <dd>{connection.secrets[name] === null ? 'not set' : 'set'}</dd>
        </>
      ))}
      {[
        { label: 'Status map', text: statusMap },
        { label: 'Field map', text: fieldMap },
      ].map(
        ({ label, text }) =>
          text !== '' && (
            <>
              <dt>{label}</dt>
              <dd>
                <pre tabindex={0}>{text}</pre>
              </dd>
            </>
          ),
      )}
    </dl>
  );
}

function settingLabel(connection: ConnectionDoc, field: Field) {
  const text = settingText(connection, field);
  const options = field.kind === 'select' ? field.options : [];
  return options.find(({ value }) => value === text)?.label ?? (text || '–');
}

const WebhookCard = ({ connection, webhookUrl }: { connection: ConnectionDoc; webhookUrl: string }) => (
  <section class="card" aria-label="Webhook">
    <h2>Webhook</h2>
    <p>
      {connection.provider === 'webhook'
        ? 'Post replies here, signed with the webhook secret:'
        : 'To sync changes within seconds, give the tracker this URL and the webhook secret:'}
    </p>
    <p>
      <CopyableId id={webhookUrl} label="webhook URL" />
    </p>
    {'poll_interval_seconds' in connection.settings && (
      <p class="dim">{`Without webhooks, the tracker is polled every ${connection.settings.poll_interval_seconds} s.`}</p>
    )}
    <p>
      <a href={`${path}/guides/${connection.provider}`}>Step-by-step guide</a>
    </p>
  </section>
);

function ActionsCard({ request: { session }, view }: { request: PageRequest; view: ConnectionView }) {
  const { connection, isDefault, linkedTickets } = view;
  const { _id: id, provider } = connection;
  return (
    <section class="card" aria-label="More">
      <PostForm session={session} action={`${path}/${id}/default`}>
        <input type="hidden" name="default" value={isDefault ? 'no' : 'yes'} />
        <p>{isDefault ? 'New tickets of this org go here.' : 'New tickets of this org go elsewhere.'}</p>
        <p>
          <button>{isDefault ? 'No longer the default' : 'Make it the default'}</button>
        </p>
      </PostForm>
      <Dangerous
        session={session}
        action={`${path}/${id}/webhook-secret`}
        ask="New webhook secret…"
        confirm="Generate a new secret"
      >
        The current secret stops working immediately. Until the {provider === 'webhook' ? 'receiver' : 'tracker'} has
        the new one,{' '}
        {provider === 'webhook'
          ? 'it rejects calls from here, and its replies are rejected here.'
          : 'its webhooks are rejected; polling still finds the changes.'}{' '}
        The new secret is shown once.
      </Dangerous>
      {linkedTickets > 0 ? (
        <p class="dim">
          {`It cannot be deleted while ${linkedTickets === 1 ? 'a ticket is' : `${linkedTickets} tickets are`} linked through it.`}
        </p>
      ) : (
        <Dangerous session={session} action={`${path}/${id}/delete`} ask="Delete…" confirm="Delete the connection">
          {isDefault && 'New tickets will go to the tracker of the environment. '}Its secrets and settings are lost. The
          tracker’s tickets stay as they are.
        </Dangerous>
      )}
    </section>
  );
}
