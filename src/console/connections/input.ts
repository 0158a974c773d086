import { readMap } from '../../integrations/connections/maps.js';
import type { ConnectionDoc, ConnectionProvider } from '../../integrations/connections/model.js';
import { unprocessable, type ProblemDetail } from '../../http/problem.js';
import { severities, type Severity } from '../../lib/severity.js';
import type { Form } from '../form.js';
import { fieldText, isPair, readFields, readSeverities, readStatuses, severityText, statusText } from './maps.js';
import { providerForms, type SettingField } from './providers.js';

/** What stands in a form's fields, by their names, which are the API's paths. No secret is ever among them. */
export type Shown = (name: string) => string;

/** As a connection is. */
export function shownOf(connection: ConnectionDoc): Shown {
  const { provider, name, settings, severity_map, status_map, field_map } = connection;
  const values = new Map<string, string>([
    ['name', name],
    ['status_map', statusText(readMap(status_map))],
    ['field_map', fieldText(readMap(field_map))],
    ...severities.map((each): [string, string] => [`severity_map.${each}`, severityText(severity_map[each])]),
    ...providerForms[provider].settings.map((each): [string, string] => [
      `settings.${each.name}`,
      String((settings as unknown as Record<string, string | number | undefined>)[each.name] ?? ''),
    ]),
  ]);
  return (path) => values.get(path) ?? '';
}

/** As it was typed; what was not in the form is as it was before. */
export const shownTyped =
  (form: Form, before: Shown = () => ''): Shown =>
  (name) =>
    form.has(name) && !name.startsWith('secrets.') ? form.raw(name) : before(name);

/**
 * The body of `POST …/connections`.
 * @throws Problem 422 for what a form can get wrong before the API sees it
 */
export function createInput(provider: ConnectionProvider, form: Form): object {
  const { settings } = providerForms[provider];
  demandReadable(provider, form);
  return {
    provider,
    name: form.text('name'),
    default: form.has('default'),
    settings: Object.fromEntries(
      settings.flatMap((field) => {
        const value = settingOf(field, form);
        return value === null ? [] : [[field.name, value]];
      }),
    ),
    secrets: secretsOf(provider, form),
    severity_map: readSeverities(severitiesOf(form), provider !== 'jira'),
    status_map: readStatuses(form.raw('status_map')),
    ...(provider !== 'webhook' && { field_map: readFields(form.raw('field_map')) }),
  };
}

/**
 * The body of `PATCH …/connections/{id}`: what the form holds, its empty secrets left out.
 * @throws Problem 422 as `createInput`
 */
export function updateInput(connection: ConnectionDoc, form: Form): object {
  const { provider, severity_map } = connection;
  const { settings } = providerForms[provider];
  const before = shownOf(connection);
  // Browsers send line ends of their own.
  const hasChanged = (name: string) => form.has(name) && form.raw(name).replaceAll('\r\n', '\n') !== before(name);
  demandReadable(provider, form);
  return {
    name: form.text('name'),
    settings: Object.fromEntries(settings.map((field) => [field.name, settingOf(field, form)])),
    secrets: secretsOf(provider, form),
    severity_map: readSeverities(severitiesOf(form), provider !== 'jira', severity_map),
    // Written as another would write it, a map is still the same.
    ...(hasChanged('status_map') && { status_map: readStatuses(form.raw('status_map')) }),
    ...(hasChanged('field_map') && { field_map: readFields(form.raw('field_map')) }),
  };
}

function demandReadable(provider: ConnectionProvider, form: Form): void {
  const fields = providerForms[provider].settings.map((field) => ({ path: `settings.${field.name}`, ...field }));
  const faults = [nameField, ...fields].flatMap(({ path, required, kind }): ProblemDetail[] => {
    const text = form.text(path);
    if (required && text === '') return [{ path, message: 'is required' }];
    return kind === 'number' && !/^\d*$/.test(text) ? [{ path, message: 'must be a whole number' }] : [];
  });
  const pairs = provider === 'servicenow' ? severitiesOf(form).filter(([, text]) => text !== '' && !isPair(text)) : [];
  const unpaired = pairs.map(([name]) => ({ path: `severity_map.${name}`, message: 'must be like 1/2' }));
  if (faults.length + unpaired.length > 0) throw unprocessable([...faults, ...unpaired]);
}

const nameField = { path: 'name', required: true, kind: 'text' } as const;

function settingOf({ name, kind }: SettingField, form: Form): string | number | null {
  const text = form.text(`settings.${name}`);
  if (text === '') return null;
  return kind === 'number' ? Number(text) : text;
}

/** As they were typed: a secret may begin with a space. */
const secretsOf = (provider: ConnectionProvider, form: Form) =>
  Object.fromEntries(
    providerForms[provider].secrets.flatMap(({ name }) => {
      const text = form.raw(`secrets.${name}`);
      return text === '' ? [] : [[name, text]];
    }),
  );

const severitiesOf = (form: Form) =>
  severities.map((name): [Severity, string] => [name, form.text(`severity_map.${name}`)]);
