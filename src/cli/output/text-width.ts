const graphemes = new Intl.Segmenter();
/** East Asian wide and full-width letters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const combining = /^\p{M}+$/u;

const widthOfGrapheme = (grapheme: string) => (combining.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1);
/** The segmenter takes quadratic time, so a long text is segmented in pieces. A grapheme at their border counts as two. */
const maxPieceLength = 256;

function* graphemesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += maxPieceLength) {
    for (const { segment } of graphemes.segment(text.slice(at, at + maxPieceLength))) yield segment;
  }
}

const isPlain = (text: string) => /^[\x20-\x7e]*$/.test(text);

/** The columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += widthOfGrapheme(grapheme);
  return width;
}

/** A text of at most so many columns. A longer one is cut, with an ellipsis at its end. */
export function cut(text: string, columns: number): string {
  let kept = '';
  let width = 0;
  for (const grapheme of graphemesOf(text)) {
    width += widthOfGrapheme(grapheme);
    if (width > columns) return `${kept.trimEnd()}…`;
    if (width < columns) kept += grapheme;
  }
  return text;
}
