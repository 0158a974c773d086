import { eventTypes } from '../../events/types.js';
import { FieldError, textOf, type Field, type FormValues } from '../forms/field.js';
import { defineForm, type Form } from '../forms/form.js';
import { eventDescriptions } from './labels.js';
import type { EndpointView } from './view.js';

/** @param stored the endpoint to edit; null for a new one */
export function endpointForm(stored: EndpointView | null): Form {
  const hasHeaders = stored !== null && stored.headers.length > 0;
  return defineForm([
    {
      name: 'url',
      label: 'URL',
      kind: 'url',
      required: true,
      autofocus: stored === null,
      placeholder: 'https://example.com/hooks',
      maxLength: 2000,
      help: 'Events are posted here, signed. Redirects are not followed. Any 2xx status counts as received.',
    },
    {
      name: 'events',
      label: 'Events',
      kind: 'checkboxes',
      class: 'events',
      required: true,
      options: eventTypes.map((type) => ({ value: type, label: <code>{type}</code>, hint: eventDescriptions[type] })),
    },
    {
      name: 'description',
      label: 'Description',
      kind: 'text',
      maxLength: 1000,
      help: 'Shown in the list, for example the owner.',
    },
    ...(hasHeaders ? [replaceHeadersField(stored.headers)] : []),
    headersField,
    {
      name: 'rate_limit_per_second',
      label: 'Rate limit',
      kind: 'text',
      empty: 'null',
      maxLength: 5,
      parse: parseRate,
      help: 'Maximum deliveries per second. Empty for no limit.',
    },
    {
      name: 'ordered',
      label: 'Ordered',
      kind: 'checkbox',
      help: 'Delivers one event at a time, in the order of their arrival. A failing delivery holds back the ones behind it.',
    },
    ...(stored === null ? [enabledField] : []),
  ]);
}

const replaceHeadersField = (names: readonly string[]): Field => ({
  name: 'replace_headers',
  label: 'Custom headers',
  kind: 'radios',
  path: null,
  options: [
    {
      value: 'no',
      label: (
        <>
          Keep the current ones: <code>{names.join(', ')}</code>
        </>
      ),
    },
    { value: 'yes', label: 'Replace all of them' },
  ],
});

const headersField: Field = {
  name: 'headers',
  label: 'Headers',
  kind: 'textarea',
  code: true,
  rows: 3,
  placeholder: 'X-Team: governance',
  parse: parseHeaders,
  help: 'Sent with each delivery, one per line. Values are never shown again, and must be typed again when the URL moves to another host.',
};

const enabledField: Field = {
  name: 'enabled',
  label: 'Enabled',
  kind: 'checkbox',
  help: 'Events are sent from now on. Otherwise you can test the endpoint first, and recover the missed events later.',
};

/** @returns undefined to keep the stored headers @throws FieldError */
function parseHeaders(typed: string, values: FormValues): Record<string, string> | undefined {
  if (typed.trim() === '') return textOf(values, 'replace_headers') === 'yes' ? {} : undefined;
  const headers: [string, string][] = [];
  const messages: string[] = [];
  for (const [index, line] of typed.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, name = '', value = ''] = /^([^:]*):(.*)$/.exec(line) ?? [];
    if (!line.includes(':')) messages.push(`need a name, a colon and a value on line ${index + 1}`);
    else if (headers.some(([other]) => other === name.trim())) messages.push(`must not repeat ${name.trim()}`);
    else headers.push([name.trim(), value.trim()]);
  }
  const parsed = Object.fromEntries(headers);
  if (messages.length > 0) throw new FieldError(messages, parsed);
  return parsed;
}

function parseRate(typed: string): number {
  if (/^([1-9]\d{0,3}|10000)$/.test(typed)) return Number(typed);
  throw new FieldError(['must be a whole number from 1 to 10,000, or empty']);
}

export const newEndpointValues: FormValues = { enabled: 'on' };

export const storedValues = ({ url, events, description, ordered, rate_limit_per_second: rate }: EndpointView) => ({
  url,
  events,
  description,
  replace_headers: 'no',
  headers: '',
  rate_limit_per_second: rate === null ? '' : String(rate),
  ordered: ordered ? 'on' : '',
});
