const codeOf = (character: string) => character.charCodeAt(0);
const [quote, backslash] = ['"', '\\'].map(codeOf);
const [openBrace, closeBrace, openBracket, closeBracket] = ['{', '}', '[', ']'].map(codeOf);

/**
 * Whether a JSON text nests more than so many levels. What goes down as deep as a body allows overflows the stack of
 * whoever walks through it.
 * @param json text; what it says of invalid JSON means nothing
 */
export function isDeeperThan(json: string, levels: number): boolean {
  // Each level takes two characters at least.
  if (json.length < 2 * levels) return false;
  let depth = 0;
  let inText = false;
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (inText) {
      if (code === backslash) index++;
      else if (code === quote) inText = false;
    } else if (code === quote) inText = true;
    else if (code === openBrace || code === openBracket) {
      if (++depth > levels) return true;
    } else if (code === closeBrace || code === closeBracket) depth--;
  }
  return false;
}
