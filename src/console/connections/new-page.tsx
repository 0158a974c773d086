import { connectionProviders, type ConnectionProvider } from '../../integrations/connections/model.js';
import { ErrorSummary } from '../forms/fields.js';
import type { FormState } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import type { PageRequest } from '../page.js';
import { ConnectionFields } from './form.js';
import { path } from './list-page.js';
import { providerForms } from './providers.js';

const Breadcrumbs = () => (
  <p class="dim">
    <a href={path}>Connections</a> / new
  </p>
);

/** The first step of a new connection: choosing the tracker. */
export const ProviderChoice = () => (
  <>
    <Breadcrumbs />
    <h1>New connection</h1>
    <ul class="cards">
      {connectionProviders.toReversed().map((provider) => (
        <li key={provider} class="card">
          <h2>
            <a href={`${path}/new/${provider}`}>{providerForms[provider].title}</a>
          </h2>
          <p class="dim">{providerForms[provider].description}</p>
        </li>
      ))}
    </ul>
  </>
);

interface NewConnectionProps {
  request: PageRequest;
  provider: ConnectionProvider;
  state: FormState;
}

export const NewConnection = ({ request: { session }, provider, state }: NewConnectionProps) => (
  <>
    <Breadcrumbs />
    <h1>{`Connect ${providerForms[provider].title}`}</h1>
    <p>
      <a href={`${path}/guides/${provider}`}>Step-by-step guide for the tracker’s side</a>
    </p>
    <ErrorSummary errors={state.errors} />
    <PostForm session={session} action={`${path}/new/${provider}`}>
      <ConnectionFields provider={provider} state={state} />
      <p class="help">Saving tests the connection, which takes a few seconds. It opens no ticket.</p>
      <p>
        <button class="primary">Save and test</button>
      </p>
    </PostForm>
  </>
);
