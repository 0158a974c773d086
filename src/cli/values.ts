import { UsageError } from './errors.js';
import type { Option, TextOption } from './options.js';
import { parseMoment } from './output/time.js';

type Single = Exclude<Option, { kind: 'flag' | 'texts' }>;

/**
 * An option's value from its text.
 * @throws UsageError that says what it has to be
 */
export function readValue(name: string, option: Single, text: string, now: Date): string | number {
  switch (option.kind) {
    case 'text':
      return readText(name, option, text);
    case 'number': {
      const { min, max } = option;
      const number = /^\d+$/.test(text) ? Number(text) : NaN;
      if (number >= min && number <= max) return number;
      throw new UsageError(`--${name} must be a whole number from ${min} to ${max}.`);
    }
    case 'time': {
      const moment = parseMoment(text, now);
      if (moment !== null) return moment.toISOString();
      throw new UsageError(`--${name} must be a time, such as 2026-01-01T09:30:00Z, or how long ago: 90m, 24h, 7d.`);
    }
  }
}

function readText(name: string, { choices, idPrefix }: TextOption, text: string): string {
  if (text === '') throw new UsageError(`--${name} is empty.`);
  if (choices !== undefined) checkChoices(name, choices, text);
  // What is no id would become another path: `..`.
  if (idPrefix !== undefined && (!text.startsWith(idPrefix) || !/^\w+$/.test(text))) {
    throw new UsageError(`--${name} must be an id that begins with ${idPrefix}.`);
  }
  return text;
}

/** One, or several with commas between, as the API's filters take them. */
function checkChoices(name: string, choices: readonly string[], text: string): void {
  if (text.split(',').every((part) => choices.includes(part))) return;
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}.`);
}
