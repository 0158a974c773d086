import { readMap } from '../../integrations/connections/maps.js';
import type { ConnectionDoc, ConnectionProvider } from '../../integrations/connections/model.js';
import { evidenceStatuses } from '../../integrations/evidence-status.js';
import { severities } from '../../lib/severity.js';
import type { Field, FormValues } from '../forms/field.js';
import { Fields } from '../forms/fields.js';
import { defineForm, type Form, type FormState } from '../forms/form.js';
import { fieldMapText, parseFieldMap, parseSeverity, parseStatusMap, severityText, statusMapText } from './maps.js';
import { providerForms, type SecretField } from './providers.js';

/** @param stored the connection to edit; null for a new one */
export function connectionForm(provider: ConnectionProvider, stored: ConnectionDoc | null): Form {
  const { settings, secrets, severity } = providerForms[provider];
  const severityFields = severities.toReversed().map((name): Field => ({
    name: `severity_map.${name}`,
    label: name,
    kind: 'text',
    empty: 'omit',
    placeholder: name === 'critical' ? severity.example : undefined,
    parse: (typed) => parseSeverity(typed, provider, stored?.severity_map[name]),
  }));
  return defineForm([
    { name: 'name', label: 'Name', kind: 'text', required: true, maxLength: 200, help: 'Shown to the org’s people.' },
    ...settings.map((field): Field => ({ ...field, empty: stored ? 'null' : 'omit' })),
    ...secrets.map((field) => secretInput(field, stored)),
    ...severityFields,
    statusMapField,
    ...(provider === 'webhook' ? [] : [fieldMapField]),
    ...(stored ? [] : [defaultField]),
  ]);
}

function secretInput({ name, label, help }: SecretField, stored: ConnectionDoc | null): Field {
  const generated = name === 'webhook_secret' ? 'Leave it empty to have one generated and shown once.' : '';
  const isSet = stored !== null && stored.secrets[name] !== null;
  const status = stored === null ? generated : isSet ? 'It is set. Leave it empty to keep it.' : 'It is not set.';
  return {
    name: `secrets.${name}`,
    label,
    kind: 'password',
    empty: 'omit',
    autocomplete: 'off',
    writeOnly: true,
    help: `${status} ${help}`.trim(),
  };
}

const statusMapField: Field = {
  name: 'status_map',
  label: 'Status map',
  kind: 'textarea',
  code: true,
  rows: { min: 3, max: 12 },
  onlyIfChanged: true,
  parse: parseStatusMap,
  help: (
    <>
      How the tracker’s statuses change an evidence request, one per line: <code>Done = accepted</code>. Statuses here:{' '}
      {evidenceStatuses.join(', ')}. Statuses that are not listed change nothing.
    </>
  ),
};

const fieldMapField: Field = {
  name: 'field_map',
  label: 'Field map',
  kind: 'textarea',
  code: true,
  rows: { min: 3, max: 12 },
  onlyIfChanged: true,
  parse: parseFieldMap,
  help: (
    <>
      Further fields of new tickets, as JSON: <code>{'{"customfield_10010": "{gateway}"}'}</code>.{' '}
      {'{title}, {url}, {severity}, {gateway}, {actor}, {policy} and {reason}'} are replaced.
    </>
  ),
};

const defaultField: Field = {
  name: 'default',
  label: 'Default connection',
  kind: 'checkbox',
  hint: 'New tickets of this org go here.',
};

export function storedValues(connection: ConnectionDoc): FormValues {
  const { provider, name, severity_map, status_map, field_map } = connection;
  const settings = providerForms[provider].settings.map((field): [string, string] => [
    field.name,
    settingText(connection, field),
  ]);
  const severityTexts = severities.map((severity): [string, string] => [
    `severity_map.${severity}`,
    severityText(severity_map[severity]),
  ]);
  return {
    name,
    status_map: statusMapText(readMap(status_map)),
    field_map: fieldMapText(readMap(field_map)),
    ...Object.fromEntries([...settings, ...severityTexts]),
  };
}

/** @param field one of the provider's settings */
export function settingText({ settings }: ConnectionDoc, { name }: Field): string {
  const values = settings as unknown as Record<string, string | number | undefined>;
  return String(values[name.replace(/^settings\./, '')] ?? '');
}

/** The form's controls, with the severities in a row. */
export function ConnectionFields({ provider, state }: { provider: ConnectionProvider; state: FormState }) {
  const names = state.form.fields.map(({ name }) => name);
  const severityNames = names.filter((name) => name.startsWith('severity_map.'));
  const before = names.slice(0, names.indexOf(severityNames[0] ?? ''));
  const after = names.slice(before.length + severityNames.length);
  return (
    <>
      <Fields state={state} only={before} />
      <fieldset class="quad">
        <legend>Severity map</legend>
        <Fields state={state} only={severityNames} />
        <p class="help">{providerForms[provider].severity.help}</p>
      </fieldset>
      <Fields state={state} only={after} />
    </>
  );
}
