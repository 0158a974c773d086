import { eventTypes } from '../../../events/types.js';
import { UsageError } from '../../errors.js';
import type { Options } from '../../options.js';

export const eventsHelp = 'event types, several with commas between';
export const typesText = `Event types: ${eventTypes.join(', ')}.`;

/** What may be set when an endpoint is made, and changed afterwards. */
export const endpointOptions = {
  description: { kind: 'text', value: 'TEXT', help: 'what it is for' },
  ordered: { kind: 'flag', help: 'deliver one after another, in the events’ order' },
  'rate-limit': { kind: 'number', value: 'N', min: 1, max: 1_000_000, help: 'at most so many deliveries a second' },
  header: { kind: 'texts', commas: false, value: "'NAME: VALUE'", help: 'sent along; may be given several times' },
} as const satisfies Options;

/**
 * `Name: value` texts as the API takes them; undefined when there are none.
 * @throws UsageError that does not repeat them: a value may be a secret
 */
export function readHeaders(texts: readonly string[]): Record<string, string> | undefined {
  if (texts.length === 0) return undefined;
  const entries = texts.map((text, index): [string, string] => {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value.trimEnd()];
    throw new UsageError(`--header must be 'Name: value' (the ${index + 1}. is not).`);
  });
  const names = entries.map(([name]) => name.toLowerCase());
  if (new Set(names).size < names.length) throw new UsageError('--header names the same header twice.');
  return Object.fromEntries(entries);
}
