import type { ChannelType } from '../../notifications/port.js';
import { ErrorSummary } from '../forms/fields.js';
import type { FormState } from '../forms/form.js';
import type { PageRequest } from '../page.js';
import { ChannelForm } from './channel-form.js';
import { typeDescriptions, typeLabels } from './labels.js';
import { channelsPath, newChannelPath } from './list-page.js';

/** The first step of a new channel: each type has its own fields. */
export const TypePage = () => (
  <>
    <Head title="Add a channel" />
    <ul class="types">
      {Object.entries(typeLabels).map(([type, label]) => (
        <li key={type} class="card">
          <h2>
            <a href={`${newChannelPath}?type=${type}`}>{label}</a>
          </h2>
          <p>{typeDescriptions[type as ChannelType]}</p>
        </li>
      ))}
    </ul>
  </>
);

interface NewPageProps {
  request: PageRequest;
  title: string;
  type: ChannelType;
  state: FormState;
  version: number;
}

export const NewPage = ({ request, title, type, state, version }: NewPageProps) => (
  <>
    <Head title={title} />
    <ErrorSummary errors={state.errors} />
    <ChannelForm
      request={request}
      type={type}
      state={state}
      version={version}
      action={channelsPath}
      button="Add channel"
    />
  </>
);

const Head = ({ title }: { title: string }) => (
  <div class="head">
    <div>
      <p class="dim">
        <a href={channelsPath}>Approvals</a>
      </p>
      <h1>{title}</h1>
    </div>
  </div>
);
