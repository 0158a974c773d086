import type { ChannelDoc } from '../../notifications/approvals/model.js';
import { secretFields, type SecretField } from '../../notifications/approvals/secrets.js';
import { moments } from '../../notifications/notification.js';
import type { ChannelType } from '../../notifications/port.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { Field, TextField } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { Etag } from '../parts/meanwhile.js';
import { severitiesDown } from '../routing/routing-form.js';
import { asOptions, SelectField } from '../parts/select-field.js';
import { channelHelp } from './channel-help.js';
import type { ChannelFields } from './channel-form.js';
import { momentWords } from './channel-words.js';

interface ChannelFormProps {
  request: PageRequest;
  type: ChannelType;
  /** Null for a new one. */
  stored: ChannelDoc | null;
  action: string;
  version: number;
  fields: ChannelFields;
  errors: FormErrors;
}

/** A channel's fields. Write-only ones are empty, whatever is stored or was typed. */
export function ChannelForm({ request, type, stored, action, version, fields, errors }: ChannelFormProps) {
  return (
    <form method="post" action={action}>
      <FormToken session={request.session} />
      <Etag version={version} />
      <input type="hidden" name="type" value={type} />
      <TextField label="Name" name="name" value={fields.name} errors={errors} required maxlength={200} />
      {secretFields[type].map((field) => (
        <SecretInput
          key={field}
          {...{ request, type, field, errors }}
          isSet={stored !== null && stored[field] !== null}
        />
      ))}
      <SelectField
        label="From severity"
        name="min_severity"
        value={fields.min_severity}
        options={asOptions(severitiesDown)}
        errors={errors}
      />
      <fieldset>
        <legend>When</legend>
        {moments.map((moment) => (
          <label class="check" key={moment}>
            <input
              type="checkbox"
              name="on"
              value={moment}
              checked={fields.on.includes(moment)}
              {...(errors.fields.has('on') && { 'aria-describedby': 'on-error' })}
            />
            <span>{momentWords[moment]}</span>
          </label>
        ))}
        {errors.fields.has('on') && (
          <p class="error" id="on-error">
            When {errors.fields.get('on')}
          </p>
        )}
      </fieldset>
      <label class="check">
        <input type="checkbox" name="enabled" checked={fields.enabled} />
        <span>On</span>
      </label>
      <p class="save">
        <button class="primary">{stored ? 'Save' : 'Add channel'}</button>
      </p>
    </form>
  );
}

const labels: Record<SecretField, string> = { url: 'URL', routing_key: 'Integration key', secret: 'Secret' };

interface SecretInputProps {
  request: PageRequest;
  type: ChannelType;
  field: SecretField;
  errors: FormErrors;
  isSet: boolean;
}

function SecretInput({ request, type, field, errors, isSet }: SecretInputProps) {
  const wasTyped = request.form.text(field) !== '';
  const help = (
    <>
      {wasTyped && <strong>Type it once more: it is never shown. </strong>}
      {isSet && 'It is set, and stays as it is while this is empty. '}
      {field === 'secret' ? secretHelp : channelHelp[type]}
    </>
  );
  return (
    <>
      <Field label={labels[field]} name={field} help={help} errors={errors}>
        {(control) => (
          <input
            {...control}
            type="text"
            class="code"
            value=""
            autocomplete="off"
            spellcheck={false}
            required={field !== 'secret' && !isSet}
            placeholder={isSet ? '••••••••' : undefined}
          />
        )}
      </Field>
      {field === 'secret' && isSet && (
        <label class="check">
          <input type="checkbox" name="forget_secret" checked={request.form.has('forget_secret')} />
          <span>Forget the secret: calls go unsigned</span>
        </label>
      )}
    </>
  );
}

const secretHelp = (
  <>
    Signs each call: <code>whsec_…</code> as Standard Webhooks has it, or any text. Without one calls go unsigned. It
    has to be typed again when the URL changes.
  </>
);
