/** Controls, C1 included, what turns the direction of text round, and separators that break lines. */
// eslint-disable-next-line no-control-regex -- these are what it is about
const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Texts of strangers, made harmless: an escape sequence in a title must not move somebody's cursor. Line feeds stay. */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same on one line, for a table. */
export const oneLine = (text: string) => printable(text.replace(/\s+/g, ' ').trim());
