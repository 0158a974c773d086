const quote = 34;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;

/** @returns the index after the text that begins at `start` with a quote */
export function endOfString(json: string, start: number): number {
  for (let index = start + 1; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === backslash) index++;
    else if (code === quote) return index + 1;
  }
  return json.length;
}

/** @returns the index of the next character that is not white space */
export function skipSpace(json: string, start: number): number {
  let index = start;
  while (index < json.length && json.charCodeAt(index) <= 32) index++;
  return index;
}

/** @returns the index after the value that begins at `start`; it never recurses */
export function endOfValue(json: string, start: number): number {
  const first = json.charCodeAt(start);
  if (first === quote) return endOfString(json, start);
  if (first !== openBrace && first !== openBracket) return endOfScalar(json, start);
  let depth = 0;
  for (let index = start; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === quote) index = endOfString(json, index) - 1;
    else if (code === openBrace || code === openBracket) depth++;
    else if ((code === closeBrace || code === closeBracket) && --depth === 0) return index + 1;
  }
  return json.length;
}

/** @returns the index after the number, true, false or null that begins at `start` */
export function endOfScalar(json: string, start: number): number {
  let index = start;
  while (index < json.length && !/[\s,\]}]/.test(json.charAt(index))) index++;
  return index;
}
