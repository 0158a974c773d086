import ts from 'typescript';

export interface Finding {
  name: string;
  /** The word of STYLE's left column that the name contains. */
  word: string;
}

/** Words that no name of ours contains: the left column of the style guide's table. */
const forbidden = new Set(
  `doorbell doorbells ring rings rung desk outlook standing meanwhile told tell tells telling say says said tend tends tended tending
  holdings lane lanes feeder judge judges judged judging gist verdict verdicts wording wordings words arrivals news stands nth
  pacer together reseal reseals resealed seal seals sealed most longest usual`.split(/\s+/),
);

/** Names that are wrong as a whole, though their words are not. */
const patterns: [name: RegExp, word: string][] = [
  [/^look(s|ed|ing)?$|^look(At|Again|For)[A-Z]?/, 'look'],
  [/^(giveBack|takeBack|putOff)/, 'give back'],
  [/^(areSoonGone|isSureOf|enterOrg|isTaken|settledWatch)$/, 'a riddle'],
];

/**
 * Names that stay, because somebody outside the source code knows them. Everything that is not listed here is renamed instead.
 */
const exceptions: Record<string, string> = {
  ring_after: 'a stored field with an index',
  rings: 'a stored field',
  nth: 'a stored field with an index',
  sealed: 'a stored field of endpoint secrets and headers',
  words: 'a stored field with an index (escalations), and a stored field (tracker states)',
  hold_words: 'a stored field',
  most: 'an input of the activity releaseParked, which stands in histories',
  tendEndpoint: 'an activity type, which stands in histories',
  connection_sealed: 'an error code of the API',
  LongestFirst: 'how scheduling literature calls the order of the test sequencer',
  'src/reseal.ts': 'the former name of a command, which scripts of operators call',
};

const segmentsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

function check(name: string): Finding[] {
  if (name in exceptions) return [];
  const [, pattern] = patterns.find(([regExp]) => regExp.test(name)) ?? [];
  const word = pattern ?? segmentsOf(name).find((each) => forbidden.has(each));
  return word === undefined ? [] : [{ name, word }];
}

/** @param file from the root @returns what is wrong with its own name and its folders' */
export const checkFileName = (file: string): Finding[] => check(file);

/** @returns what is wrong with the names that a source file declares; names that it only uses belong to others */
export function checkNames(file: string, text: string): Finding[] {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : file.endsWith('.mjs') ? ts.ScriptKind.JS : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, kind);
  const declared = new Set<string>();
  const visit = (node: ts.Node, parent: ts.Node): void => {
    if (ts.isIdentifier(node) && declares(parent, node)) declared.add(node.text);
    ts.forEachChild(node, (child) => visit(child, node));
  };
  visit(source, source);
  return [...declared].flatMap(check);
}

function declares(parent: ts.Node, name: ts.Identifier): boolean {
  if (ts.isPropertyAccessExpression(parent) || ts.isImportSpecifier(parent) || ts.isJsxAttribute(parent)) return false;
  return (parent as { name?: ts.Node }).name === name;
}
