/** Control characters (C1 included), bidirectional overrides, and separators that break lines. */
// eslint-disable-next-line no-control-regex -- the pattern is about control characters
const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Escapes control characters, so that a title cannot move the reader's cursor. Line feeds stay. */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A printable text on one line, for a table. */
export const oneLine = (text: string) => printable(text.replace(/\s+/g, ' ').trim());

/** A printable text whose lines after the first are indented by two columns. */
export const indented = (text: string) => printable(text).replaceAll('\n', '\n  ');

const secretForms = /\b(dbk_|dbadm_|whsec_)[A-Za-z0-9+/=_-]{8,}/g;

/** Replaces the given secrets, and everything that looks like a key or a secret of Drawbridge, by `[hidden]`. */
export function redact(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of secrets) if (secret !== '') redacted = redacted.replaceAll(secret, '[hidden]');
  return redacted.replace(secretForms, '$1[hidden]');
}

const graphemes = new Intl.Segmenter();
/** East Asian wide and full-width characters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const combining = /^\p{M}+$/u;

const graphemeWidth = (grapheme: string) => (combining.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1);
const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);

/** The segmenter takes quadratic time, so a long text is segmented in pieces. A grapheme at their border counts as two. */
const maxPieceLength = 256;

function* graphemesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += maxPieceLength) {
    for (const { segment } of graphemes.segment(text.slice(at, at + maxPieceLength))) yield segment;
  }
}

/** The number of columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  if (isAscii(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += graphemeWidth(grapheme);
  return width;
}

/** Cuts a text to a number of columns. A longer one ends with an ellipsis. */
export function cut(text: string, columns: number): string {
  let start = '';
  let width = 0;
  for (const grapheme of graphemesOf(text)) {
    width += graphemeWidth(grapheme);
    if (width > columns) return `${start.trimEnd()}…`;
    if (width < columns) start += grapheme;
  }
  return text;
}
