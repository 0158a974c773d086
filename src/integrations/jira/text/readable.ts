import { cleaned } from './adf.js';
import { adfText } from './adf-text.js';
import { wikiText } from './wiki-text.js';

/** Comments are read up to this length; ours end at 32,767. */
const maxLength = 65_536;

/**
 * What people read of a body: an Atlassian document, or a text with wiki markup.
 * @returns an empty text where it says nothing
 */
export function readableText(body: unknown): string {
  const text =
    typeof body === 'string' ? wikiText(cleaned(body.slice(0, maxLength))) : cleaned(adfText(body, maxLength));
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
