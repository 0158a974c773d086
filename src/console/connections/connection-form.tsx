import type { ConnectionProvider, SecretName } from '../../integrations/connections/model.js';
import { evidenceStatuses } from '../../integrations/evidence-status.js';
import { severities } from '../../lib/severity.js';
import type { FormErrors } from '../form.js';
import { Field, TextField } from '../parts/field.js';
import type { Shown } from './input.js';
import { providerForms, type SecretField, type SettingField } from './providers.js';

interface FieldsProps {
  provider: ConnectionProvider;
  shown: Shown;
  errors: FormErrors;
  /** Of a connection that is there: which secrets are set. */
  isSet?: (name: SecretName) => boolean;
}

/** What a connection of this provider is made of. Secrets are never shown, not even those that were just typed. */
export function ConnectionFields({ provider, shown, errors, isSet }: FieldsProps) {
  const { settings, secrets } = providerForms[provider];
  return (
    <>
      <TextField
        {...{ label: 'Name', name: 'name', value: shown('name'), errors, maxlength: 200 }}
        required
        help="How this org’s people know it."
      />
      {settings.map((field) => (
        <Setting key={field.name} {...{ field, errors }} value={shown(`settings.${field.name}`)} />
      ))}
      {secrets.map((field) => (
        <Secret key={field.name} {...{ field, errors }} isSet={isSet?.(field.name)} />
      ))}
      <Maps {...{ provider, shown, errors }} />
    </>
  );
}

function Setting({ field, value, errors }: { field: SettingField; value: string; errors: FormErrors }) {
  const { label, kind, help, required, placeholder } = field;
  const name = `settings.${field.name}`;
  const common = { label, name, errors, ...(help !== undefined && { help }) };
  if (!Array.isArray(kind)) {
    const input = { value, type: kind, ...(required && { required }), ...(placeholder && { placeholder }) };
    return <TextField {...common} {...input} />;
  }
  return (
    <Field {...common}>
      {(control) => (
        <select {...control}>
          {kind.map((choice) => (
            <option key={choice.value} value={choice.value} selected={choice.value === value}>
              {choice.words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Secret({ field, isSet, errors }: { field: SecretField; isSet: boolean | undefined; errors: FormErrors }) {
  const made = field.name === 'webhook_secret' ? 'Left empty, one is made and shown once.' : '';
  const standing = isSet === undefined ? made : isSet ? 'Set. Left empty it stays.' : 'Not set.';
  return (
    <TextField
      {...{ label: field.label, name: `secrets.${field.name}`, type: 'password', value: '', errors }}
      autocomplete="off"
      help={`${standing} ${field.help}`.trim()}
    />
  );
}

function Maps({ provider, shown, errors }: Omit<FieldsProps, 'isSet'>) {
  const { severity } = providerForms[provider];
  return (
    <>
      <fieldset class="quad">
        <legend>Severity map</legend>
        {[...severities].reverse().map((name) => {
          const path = `severity_map.${name}`;
          return (
            <TextField
              key={name}
              {...{ label: name, name: path, value: shown(path), errors }}
              {...(name === 'critical' && { placeholder: severity.example })}
            />
          );
        })}
        <p class="help">{severity.help}</p>
      </fieldset>
      <Area
        {...{ label: 'Status map', name: 'status_map', shown, errors }}
        help={
          <>
            What their statuses make of an evidence request here, a line each: <code>Done = accepted</code>. Ours are{' '}
            {evidenceStatuses.join(', ')}. What is not named changes nothing.
          </>
        }
      />
      {provider !== 'webhook' && (
        <Area
          {...{ label: 'Field map', name: 'field_map', shown, errors }}
          help={
            <>
              Further fields of new tickets, as JSON: <code>{'{"customfield_10010": "{gateway}"}'}</code>.{' '}
              {'{title}, {url}, {severity}, {gateway}, {actor}, {policy} and {reason}'} are replaced.
            </>
          }
        />
      )}
    </>
  );
}

type AreaProps = Omit<FieldsProps, 'provider' | 'isSet'> & { label: string; name: string; help: preact.ComponentChild };

/** A map's errors are of its entries: all stand beside it. */
function Area({ label, name, shown, errors, help }: AreaProps) {
  const found = [...errors.fields].filter(([path]) => path === name || path.startsWith(`${name}.`));
  const words = found.map(([path, message]) => (path === name ? message : `${path.slice(name.length + 1)} ${message}`));
  const own = { ...errors, fields: new Map(words.length > 0 ? [[name, words.join('; ')]] : []) };
  const value = shown(name);
  return (
    <Field {...{ label, name, help }} errors={own}>
      {(control) => (
        <textarea
          {...control}
          class="code"
          rows={Math.min(12, Math.max(3, value.split('\n').length))}
          spellcheck={false}
        >
          {value}
        </textarea>
      )}
    </Field>
  );
}
