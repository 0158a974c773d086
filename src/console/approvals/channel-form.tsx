import type { ChannelDoc } from '../../notifications/approvals/model.js';
import type { ChannelInput } from '../../notifications/approvals/schema.js';
import { secretFields, type SecretField } from '../../notifications/approvals/secrets.js';
import { moments } from '../../notifications/notification.js';
import type { ChannelType } from '../../notifications/port.js';
import { severities } from '../../lib/severity.js';
import { optionsOf, textOf, type Field, type FormValues } from '../forms/field.js';
import { Fields } from '../forms/fields.js';
import { defineForm, type Form, type FormState } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import { Etag } from '../forms/stale-edit.js';
import type { PageRequest } from '../page.js';
import { destinationHelp, momentLabels, secretHelp } from './labels.js';

/** @param stored the channel to edit; null for a new one */
export function channelForm(type: ChannelType, stored: ChannelDoc | null): Form {
  const isSecretSet = stored !== null && stored.secret !== null;
  return defineForm([
    { name: 'name', label: 'Name', kind: 'text', required: true, maxLength: 200 },
    ...secretFields[type].map((name) => secretInput(type, name, stored)),
    ...(isSecretSet ? [forgetSecretField] : []),
    {
      name: 'min_severity',
      label: 'From severity',
      kind: 'select',
      options: optionsOf(severities.toReversed()),
    },
    {
      name: 'on',
      label: 'When',
      kind: 'checkboxes',
      required: true,
      options: moments.map((value) => ({ value, label: momentLabels[value] })),
    },
    { name: 'enabled', label: 'On', kind: 'checkbox' },
  ]);
}

const secretLabels: Record<SecretField, string> = { url: 'URL', routing_key: 'Integration key', secret: 'Secret' };

function secretInput(type: ChannelType, name: SecretField, stored: ChannelDoc | null): Field {
  const isSet = stored !== null && stored[name] !== null;
  return {
    name,
    label: secretLabels[name],
    kind: 'text',
    code: true,
    writeOnly: true,
    autocomplete: 'off',
    required: name !== 'secret' && !isSet,
    placeholder: isSet ? '••••••••' : undefined,
    parse: (typed, values) => typed || (name === 'secret' && textOf(values, 'forget_secret') ? null : undefined),
    help: (
      <>
        {isSet && 'It is set. Leave it empty to keep it. '}
        {name === 'secret' ? secretHelp : destinationHelp[type]}
      </>
    ),
  };
}

const forgetSecretField: Field = {
  name: 'forget_secret',
  label: 'Forget the secret: calls become unsigned',
  kind: 'checkbox',
  path: null,
};

export const newChannelValues: FormValues = {
  name: '',
  min_severity: 'high',
  on: ['created', 'overdue'],
  enabled: 'on',
};

export const storedValues = ({ name, min_severity, moments: on, enabled }: ChannelDoc): FormValues => ({
  name,
  min_severity,
  on: moments.filter((moment) => on.includes(moment)),
  enabled: enabled ? 'on' : '',
});

/** A stored channel in a PUT. Its secrets are left out, which keeps them. */
const unchanged = ({ id, type, name, min_severity, moments: on, enabled }: ChannelDoc): ChannelInput => ({
  id,
  type,
  name,
  min_severity,
  on,
  enabled,
});

/** The index of a channel in the list to save: its own, or behind the others for a new one. */
export function indexOf(stored: readonly ChannelDoc[], id: string | undefined): number {
  const index = stored.findIndex((channel) => channel.id === id);
  return index === -1 ? stored.length : index;
}

export const listWith = (stored: readonly ChannelDoc[], index: number, channel: object): unknown[] => [
  ...stored.slice(0, index).map(unchanged),
  channel,
  ...stored.slice(index + 1).map(unchanged),
];

export const listWithout = (stored: readonly ChannelDoc[], id: string): ChannelInput[] =>
  stored.filter((channel) => channel.id !== id).map(unchanged);

interface ChannelFormProps {
  request: PageRequest;
  type: ChannelType;
  state: FormState;
  version: number;
  action: string;
  button: string;
}

export const ChannelForm = ({ request, type, state, version, action, button }: ChannelFormProps) => (
  <PostForm session={request.session} action={action}>
    <Etag version={version} />
    <input type="hidden" name="type" value={type} />
    <Fields state={state} />
    <p class="save">
      <button class="primary">{button}</button>
    </p>
  </PostForm>
);
