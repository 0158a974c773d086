import { connectionProviders, type ConnectionProvider } from '../../integrations/connections/model.js';
import type { FormErrors } from '../form.js';
import { ErrorSummary } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import type { PageRequest } from '../page.js';
import { ConnectionFields } from './connection-form.js';
import { shownTyped, type Shown } from './input.js';
import { path } from './list-page.js';
import { providerForms } from './providers.js';

const Crumbs = () => (
  <p class="dim">
    <a href={path}>Connections</a> / new
  </p>
);

/** Which tracker it is. */
export const ProviderChoice = () => (
  <>
    <Crumbs />
    <h1>New connection</h1>
    <ul class="cards">
      {connectionProviders.toReversed().map((provider) => (
        <li key={provider} class="card">
          <h2>
            <a href={`${path}/new/${provider}`}>{providerForms[provider].title}</a>
          </h2>
          <p class="dim">{providerForms[provider].what}</p>
        </li>
      ))}
    </ul>
  </>
);

interface NewProps {
  request: PageRequest;
  provider: ConnectionProvider;
  errors: FormErrors;
}

/** A provider’s form. What was typed stays, its secrets aside. */
export function NewConnection({ request: { form, session }, provider, errors }: NewProps) {
  const { title } = providerForms[provider];
  const isRefused = errors.summary !== null || errors.fields.size > 0;
  const shown: Shown = isRefused ? shownTyped(form) : (name) => (name === 'name' ? title : '');
  return (
    <>
      <Crumbs />
      <h1>{`Connect ${title}`}</h1>
      <p>
        <a href={`${path}/guides/${provider}`}>What to set up there, step by step</a>
      </p>
      <ErrorSummary errors={errors} />
      <form method="post" action={`${path}/new/${provider}`}>
        <FormToken session={session} />
        <ConnectionFields {...{ provider, shown, errors }} />
        <label class="check">
          <input type="checkbox" name="default" checked={form.has('default')} />
          <span>
            The default <span class="dim">New tickets of this org go here.</span>
          </span>
        </label>
        <p class="help">Storing it looks at the tracker, which takes a few seconds. It makes no ticket.</p>
        <p>
          <button class="primary">Store and check</button>
        </p>
      </form>
    </>
  );
}
