const fence = /^([ \t]*(?:[-*+][ \t]+)*)(`{3,}(?=[^`]*$)|~{3,})/;
/** Behind a number it depends on what stands before it whether a fence begins code. */
const fenceBehindNumber = /^[ \t]*(?:[-*+][ \t]+)*\d{1,9}[.)][ \t].*(?:`{3}|~{3})/;

/** Which lines stand inside of fenced code. Where that isn't certain, none from there on. */
export function codeLines(lines: readonly string[]): boolean[] {
  const isCode: boolean[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, prefix = '', fenceMarks] = fence.exec(lines[at] ?? '') ?? [];
    if (fenceBehindNumber.test(lines[at] ?? '')) break;
    if (fenceMarks === undefined) continue;
    const end = endOfFence(lines, at + 1, columnsOf(prefix), fenceMarks);
    if (end === null) break;
    for (let inside = at + 1; inside < end; inside++) isCode[inside] = true;
    at = end;
  }
  return isCode;
}

/** The line that closes a fence; null where the code may end earlier, together with the list that it stands in. */
function endOfFence(lines: readonly string[], from: number, indentation: number, marks: string): number | null {
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const text = line.trim();
    if (text !== '' && indentation > 0 && columnsOf(line) - columnsOf(line.trimStart()) < indentation) return null;
    if (text.startsWith(marks) && text === marks.charAt(0).repeat(text.length)) return at;
  }
  return lines.length;
}

const columnsPerTab = 4;

/** The width of a text. */
export const columnsOf = (text: string) => {
  let columns = text.length;
  for (let at = text.indexOf('\t'); at !== -1; at = text.indexOf('\t', at + 1)) columns += columnsPerTab - 1;
  return columns;
};
