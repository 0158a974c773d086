import { codeLines, columnsOf } from './code-lines.js';

/**
 * What micromark spends on Markdown grows faster than its length for some inputs: nested containers, delimiters without a
 * partner, links that never end. This module estimates the cost in one linear pass, so that only input whose cost is
 * bounded is parsed. A unit is about what one matched delimiter costs; an estimate may be too high, never much too low.
 */

/** Containers nest at most this deep, in columns of the last marker in a line. */
const maxMarkerColumn = 40;

const cost = {
  character: 1 / 100,
  line: 1.5,
  blankLine: 0.5,
  codeLine: 1.5,
  marker: 5,
  thematicBreakCharacter: 1 / 4,
  indentationColumn: 0.25,
  delimiter: 1,
  possibleUrl: 0.25,
  url: 4,
  linkDestination: 3,
  /** For each delimiter that a closing one without a partner is compared with. */
  unmatchedEmphasis: 1 / 40,
  bracketWalk: 1 / 1_000,
  /** For each character that is read again, by code spans and link destinations that turn out to be none. */
  rereadCharacter: 1 / 250,
};

const marker = /[ \t]*(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/y;
const thematicBreak = /^[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
/** What begins a block of its own even in the middle of a paragraph. */
const interruptsParagraph = /^[ \t]*(?:[-*+][ \t]+\S|#{1,6}[ \t])/;

/**
 * The length of the longest beginning of Markdown, in whole lines, that is parsed at a cost of at most `budget` units.
 */
export function parsableLength(markdown: string, budget: number): number {
  const lines = markdown.split('\n');
  const isCode = codeLines(lines);
  let spent = 0;
  let paragraph = newParagraph();
  let length = 0;
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '' || interruptsParagraph.test(line) || isCode[at]) {
      spent += paragraphCost(paragraph);
      paragraph = newParagraph();
    }
    spent += line.length * cost.character;
    if (isCode[at]) spent += cost.codeLine;
    else {
      spent += lineCost(line);
      addLine(paragraph, line);
    }
    if (spent + paragraphCost(paragraph) > budget) return length;
    length += line.length + 1;
  }
  return markdown.length;
}

function lineCost(line: string): number {
  if (line.trim() === '') return cost.blankLine;
  if (thematicBreak.test(line)) return cost.line + cost.marker + line.length * cost.thematicBreakCharacter;
  let markers = 0;
  for (marker.lastIndex = 0; marker.test(line); markers++) {
    if (columnsOf(line.slice(0, marker.lastIndex)) > maxMarkerColumn) return Number.POSITIVE_INFINITY;
  }
  const indentation = columnsOf(line.slice(0, maxMarkerColumn)) - columnsOf(line.slice(0, maxMarkerColumn).trimStart());
  const isHeading = /^[ \t]*#{1,6}(?:[ \t]|$)/.test(line);
  return (
    cost.line +
    (markers + (isHeading ? 1 : 0)) * cost.marker +
    Math.min(indentation, maxMarkerColumn) * cost.indentationColumn
  );
}

/** What the inline markup of one paragraph costs together: delimiters find their partners across its lines. */
interface Paragraph {
  length: number;
  fixed: number;
  delimiters: number;
  unmatchedClosers: number;
  /** The last emphasis delimiter that could open and has no partner yet. */
  opener: string | null;
  /** How many delimiters stood before each bracket that is still open. */
  brackets: number[];
  bracketWalk: number;
  codeSpanLengths: Set<number>;
  linkDestinations: number;
  titlesInParentheses: number;
}

const newParagraph = (): Paragraph => ({
  length: 0,
  fixed: 0,
  delimiters: 0,
  unmatchedClosers: 0,
  opener: null,
  brackets: [],
  bracketWalk: 0,
  codeSpanLengths: new Set(),
  linkDestinations: 0,
  titlesInParentheses: 0,
});

/** micromark gives up on a destination with more open parentheses than this. */
const maxParentheses = 32;

function paragraphCost(paragraph: Paragraph): number {
  const { length, linkDestinations } = paragraph;
  const destinations =
    Math.min(linkDestinations, maxParentheses) * length +
    Math.min(linkDestinations, paragraph.titlesInParentheses) * length;
  return (
    paragraph.fixed +
    paragraph.unmatchedClosers * paragraph.delimiters * cost.unmatchedEmphasis +
    paragraph.bracketWalk * cost.bracketWalk +
    (paragraph.codeSpanLengths.size * length + destinations) * cost.rereadCharacter
  );
}

const delimiter = /(`+)|([*_~])\2*|\]\(?|[ \t]\(|[[!<&\\]|(?<![\p{L}\p{N}])h(?:ttps?:)?/giu;

function addLine(paragraph: Paragraph, line: string): void {
  paragraph.length += line.length + 1;
  for (const { 0: text, 1: backticks, 2: emphasis, index } of line.matchAll(delimiter)) {
    if (/^\s/.test(text)) {
      paragraph.titlesInParentheses += 1;
      continue;
    }
    if (/^h/i.test(text)) {
      paragraph.fixed += text.length > 1 ? cost.url : cost.possibleUrl;
      continue;
    }
    paragraph.fixed += cost.delimiter;
    paragraph.delimiters += 1;
    if (backticks !== undefined) paragraph.codeSpanLengths.add(backticks.length);
    else if (emphasis !== undefined)
      addEmphasis(paragraph, text, line.charAt(index - 1), line.charAt(index + text.length));
    else if (text === '[') paragraph.brackets.push(paragraph.delimiters);
    else if (text.startsWith(']')) {
      paragraph.bracketWalk += paragraph.delimiters - (paragraph.brackets.pop() ?? 0);
      if (text === '](') {
        paragraph.linkDestinations += 1;
        paragraph.fixed += cost.linkDestination;
      }
    }
  }
}

/** Only a closing delimiter right behind its opening one finds it at once. */
function addEmphasis(paragraph: Paragraph, text: string, before: string, after: string): void {
  const { opens, closes } = flanking(text, before, after);
  if (closes && paragraph.opener === text) paragraph.opener = null;
  else {
    if (closes) paragraph.unmatchedClosers += 1;
    if (opens) paragraph.opener = text;
  }
}

/** Whether a run of delimiters may open or close emphasis, by CommonMark 0.31, 6.2. */
function flanking(text: string, before: string, after: string): { opens: boolean; closes: boolean } {
  const [isSpaceBefore, isSpaceAfter] = [isSpace(before), isSpace(after)];
  const [isPunctuationBefore, isPunctuationAfter] = [isPunctuation(before), isPunctuation(after)];
  const left = !isSpaceAfter && (!isPunctuationAfter || isSpaceBefore || isPunctuationBefore);
  const right = !isSpaceBefore && (!isPunctuationBefore || isSpaceAfter || isPunctuationAfter);
  if (!text.startsWith('_')) return { opens: left, closes: right };
  return { opens: left && (!right || isPunctuationBefore), closes: right && (!left || isPunctuationAfter) };
}

const isSpace = (character: string) => character === '' || /\s/u.test(character);
const isPunctuation = (character: string) => /[\p{P}\p{S}]/u.test(character);
