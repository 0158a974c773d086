import type { Options } from 'mdast-util-from-markdown';

type SyntaxExtension = NonNullable<Options['extensions']>[number];

const scheme = /https?:\/\//iy;
const wordCharacter = /[\p{L}\p{N}]/u;
/** What ends a URL wherever it stands. Halves of surrogate pairs are left to `safeHref`, which sees the whole character. */
const terminator = /[\s<>"'`]|(?!\p{Cs})\p{C}/u;
/** What belongs to the sentence around a URL when it comes last. */
const trailingPunctuation = '.,;:!?*_~';

/**
 * The length of the bare `http(s)` URL that begins at an index. The URL ends before trailing punctuation, before a closing
 * parenthesis that it didn't open if that comes last, and before any closing bracket that it didn't open, which is a
 * link's.
 * @returns 0 where none begins
 */
function bareUrlLength(source: string, start: number): number {
  scheme.lastIndex = start;
  if (!scheme.test(source)) return 0;
  const host = scheme.lastIndex;
  let end = host;
  let [parentheses, brackets] = [0, 0];
  for (let at = host; at < source.length; at++) {
    const character = source.charAt(at);
    if (terminator.test(character)) break;
    if (character === '[') brackets += 1;
    if (character === ']' && --brackets < 0) break;
    if (character === '(') parentheses += 1;
    const isUnopened = character === ')' && --parentheses < 0;
    if (!isUnopened && !trailingPunctuation.includes(character)) end = at + 1;
  }
  return end === host ? 0 : end - start;
}

/**
 * micromark syntax that reads bare URLs as autolinks. The extension for GitHub's autolinks is quadratic in trailing
 * punctuation.
 * @param source the whole Markdown that is parsed with it
 */
export function bareUrlSyntax(source: string): SyntaxExtension {
  const construct: Construct = {
    name: 'bareUrl',
    // Negative codes are line endings and tabs.
    previous: (code) => code === null || code < 0 || !wordCharacter.test(String.fromCharCode(code)),
    tokenize(effects, ok, nok) {
      let left = bareUrlLength(source, this.now().offset);
      const consume: typeof ok = (code) => {
        if (left === 0) {
          effects.exit('autolinkProtocol');
          effects.exit('autolink');
          return ok(code);
        }
        left -= 1;
        effects.consume(code);
        return consume;
      };
      return (code) => {
        if (left === 0) return nok(code);
        effects.enter('autolink');
        effects.enter('autolinkProtocol');
        return consume(code);
      };
    },
  };
  return { text: { [codeOf('h')]: construct, [codeOf('H')]: construct } };
}

type Construct = Extract<NonNullable<SyntaxExtension['text']>[string], { tokenize: unknown }>;

const codeOf = (character: string) => character.charCodeAt(0);

/** A piece of text, and whether it's a bare URL. */
export interface TextPiece {
  text: string;
  isUrl: boolean;
}

/** Splits plain text at its bare URLs. */
export function splitAtUrls(source: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  const add = (start: number, end: number, isUrl: boolean) => {
    if (start < end) pieces.push({ text: source.slice(start, end), isUrl });
  };
  let from = 0;
  for (const { index } of source.matchAll(/(?<![\p{L}\p{N}])https?:\/\//giu)) {
    // Inside the URL before it.
    if (index < from) continue;
    const length = bareUrlLength(source, index);
    add(from, index, false);
    add(index, index + length, true);
    from = index + length;
  }
  add(from, source.length, false);
  return pieces;
}
