const graphemes = new Intl.Segmenter();
/** East Asian wide and full-width letters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const combining = /^\p{M}+$/u;

const widthOfGrapheme = (grapheme: string) => (combining.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1);
const isPlain = (text: string) => /^[\x20-\x7e]*$/.test(text);

/** The columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOfGrapheme(segment);
  return width;
}

/** A text of at most so many columns: what was cut off is an ellipsis. */
export function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = '';
  let width = 1;
  for (const { segment } of graphemes.segment(text)) {
    width += widthOfGrapheme(segment);
    if (width > columns) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
