import { operationsText } from './api.js';
import { errorsText } from './errors.js';
import { eventsText, ticketCallsText } from './events.js';
import { ktText } from './kt.js';
import { settingsText } from './settings.js';

/** The generated blocks of each page, by name. */
export const blocks: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/reference/settings.md': { settings: settingsText },
  'docs/reference/kt.md': { commands: ktText },
  'docs/reference/api.md': { operations: operationsText },
  'docs/reference/errors.md': { errors: errorsText },
  'docs/reference/events.md': { events: eventsText, 'ticket-calls': ticketCallsText },
};

/**
 * A page with its generated blocks as the code has them now. What stands around the blocks stays.
 * @throws Error when a block has no place in the page
 */
export function withBlocks(page: string, file: string): string {
  return Object.entries(blocks[file] ?? {}).reduce((text, [name, render]) => {
    const begin = `<!-- generated: ${name}. Change dev/docs and run: npm run docs -->`;
    const end = `<!-- end of ${name} -->`;
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}: ${begin} … ${end}`);
    return `${text.slice(0, from + begin.length)}\n\n${render()}\n\n${text.slice(to)}`;
  }, page);
}
