import { hardBreak, safeHref, text, type AdfMark, type AdfNode } from './adf.js';

type Emphasis = 'strong' | 'em' | 'strike';

type Token =
  | { kind: 'text'; value: string }
  | { kind: 'code'; value: string }
  | { kind: 'link'; href: string; content: AdfNode[] }
  | { kind: 'break' }
  | { kind: 'mark'; source: string; emphasis: Emphasis; opens: boolean; closes: boolean };

const entities = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&nbsp;', '\u00a0'],
]);

// Each is tried where the one before ended, and its classes end at what could begin another: hostile text costs no
// more than long text.
const escape = /\\([!-/:-@[-`{-~])/y;
const code = /(`{1,3})(?!`)([^`]{1,8000})\1(?!`)/y;
const autolink = /<((?:https?:\/\/|mailto:)[^\s<>]{1,2048})>/iy;
const link = new RegExp(
  [
    /(!?)\[((?:\\.|[^[\]\\\n]){0,1000})\]\(\s{0,9}/,
    /(?:<([^<>\n]{0,2048})>|([^\s()<>]{0,2048}(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,200})?))/,
    /(?:\s{1,9}"[^"\n]{0,500}")?\s{0,9}\)/,
  ]
    .map(({ source }) => source)
    .join(''),
  'y',
);
const bare = /https?:\/\/[^\s<>"'`\p{C}]{1,2048}/iuy;
const run = /\*{1,3}|_{1,3}|~~/y;
const entity = /&(?:amp|lt|gt|quot|#39|nbsp);/y;
const plain = /[^\\`<![*_~&\n]+?(?=https?:\/\/|[\\`<![*_~&\n]|$)/iy;

/**
 * The text of one block as text nodes: emphasis, code, links. A line break stays one. Never throws; what is no markup
 * is text.
 */
export function inline(source: string, marks: AdfMark[] = []): AdfNode[] {
  return nodesOf(tokensOf(source, !marks.some(({ type }) => type === 'link')), marks);
}

function tokensOf(source: string, mayLink: boolean): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at += match[0].length;
    return match;
  };
  const say = (value: string) => {
    const last = tokens.at(-1);
    if (last?.kind === 'text') last.value += value;
    else tokens.push({ kind: 'text', value });
  };
  while (at < source.length) {
    const before = source[at - 1] ?? ' ';
    const begin = at;
    const first = source[at] ?? '';
    let match: RegExpExecArray | null;
    if (first === '\n') {
      at += 1;
      tokens.push({ kind: 'break' });
    } else if (first === '\\' && (match = take(escape))) {
      say(match[1] ?? '');
    } else if (first === '`' && (match = take(code))) {
      tokens.push({ kind: 'code', value: (match[2] ?? '').replaceAll('\n', ' ') });
    } else if (mayLink && first === '<' && (match = take(autolink))) {
      addressToken(tokens, say, match[1] ?? '', match[1] ?? '', match[0]);
    } else if (mayLink && (first === '[' || first === '!') && (match = take(link))) {
      linkToken(tokens, say, match);
    } else if (mayLink && (first === 'h' || first === 'H') && !isWordy(before) && (match = take(bare))) {
      const address = withoutTrail(match[0]);
      at = begin + address.length;
      addressToken(tokens, say, address, address, address);
    } else if ((first === '*' || first === '_' || first === '~') && (match = take(run))) {
      const after = source[at] ?? ' ';
      const mark = markTokens(match[0], before, after);
      if (mark.length === 0) say(match[0]);
      tokens.push(...mark);
    } else if (first === '&' && (match = take(entity))) {
      say(entities.get(match[0]) ?? match[0]);
    } else {
      match = take(plain);
      if (match) say(match[0]);
      else {
        say(first);
        at += 1;
      }
    }
  }
  return tokens;
}

/** A link to an address; where it leads is not safe, the source as it stands. */
function addressToken(
  tokens: Token[],
  say: (value: string) => void,
  address: string,
  label: string,
  source: string,
): void {
  const href = safeHref(address);
  if (href === null) say(source);
  else tokens.push({ kind: 'link', href, content: text(label, [linkTo(href)]) });
}

const linkTo = (href: string): AdfMark => ({ type: 'link', attrs: { href } });

/** `[label](address)`, or an image: pictures are not taken along, a link to one is. */
function linkToken(tokens: Token[], say: (value: string) => void, match: RegExpExecArray): void {
  const [source, bang, label = '', angled, direct] = match;
  const href = safeHref(angled ?? direct ?? '');
  const isImage = bang === '!';
  if (href === null) {
    say(isImage ? `[image left out${label === '' ? '' : `: ${unescaped(label)}`}]` : source);
    return;
  }
  const named = isImage ? `Image: ${label === '' ? href : label}` : label || href;
  tokens.push({ kind: 'link', href, content: inline(named, [linkTo(href)]) });
}

const unescaped = (value: string) => value.replace(/\\([!-/:-@[-`{-~])/g, '$1');

/** A bare address ends before the sentence does, and before a bracket that it did not open. */
function withoutTrail(address: string): string {
  let end = address.replace(/[.,;:!?*_~]+$/, '');
  while (end.endsWith(')') && count(end, '(') < count(end, ')')) end = end.slice(0, -1).replace(/[.,;:!?]+$/, '');
  return end;
}

const count = (value: string, of: string) => value.split(of).length - 1;

const isWordy = (character: string) => /[\p{L}\p{N}]/u.test(character);
const isSpace = (character: string) => /\s/u.test(character);
const isPunctuation = (character: string) => /[\p{P}\p{S}]/u.test(character);

/** The delimiters of a run, by CommonMark's rules of flanking; none where it is only text. */
function markTokens(source: string, before: string, after: string): Token[] {
  const left = !isSpace(after) && (!isPunctuation(after) || isSpace(before) || isPunctuation(before));
  const right = !isSpace(before) && (!isPunctuation(before) || isSpace(after) || isPunctuation(after));
  // Inside a word an underscore is a letter.
  const isLine = source.startsWith('_');
  const opens = left && (!isLine || !right || isPunctuation(before));
  const closes = right && (!isLine || !left || isPunctuation(after));
  if (!opens && !closes) return [];
  const mark = (part: string, emphasis: Emphasis): Token => ({ kind: 'mark', source: part, emphasis, opens, closes });
  if (source === '~~') return [mark(source, 'strike')];
  if (source.length === 1) return [mark(source, 'em')];
  const strong = mark(source.slice(0, 2), 'strong');
  return source.length === 2 ? [strong] : [strong, mark(source.slice(2), 'em')];
}

/** Marks in ADF are flat, so each kind is paired by itself; what finds no partner is text. */
function nodesOf(tokens: Token[], marks: AdfMark[]): AdfNode[] {
  const paired = new Map<Token, 'open' | 'close'>();
  const open = new Map<string, Token>();
  for (const token of tokens) {
    if (token.kind !== 'mark') continue;
    const opener = open.get(token.source);
    if (token.closes && opener) {
      paired.set(opener, 'open').set(token, 'close');
      open.delete(token.source);
    } else if (token.opens) {
      open.set(token.source, token);
    }
  }
  const active = new Map<Emphasis, number>();
  const current = (): AdfMark[] => [...[...active].flatMap(([type, depth]) => (depth > 0 ? [{ type }] : [])), ...marks];
  return merged(
    tokens.flatMap((token): AdfNode[] => {
      switch (token.kind) {
        case 'break':
          return [hardBreak];
        case 'text':
          return text(token.value, current());
        case 'code':
          return text(token.value, [{ type: 'code' }, ...marks]);
        case 'link':
          return token.content.map((child) => withMarks(child, current()));
        case 'mark': {
          const role = paired.get(token);
          if (role === undefined) return text(token.source, current());
          active.set(token.emphasis, (active.get(token.emphasis) ?? 0) + (role === 'open' ? 1 : -1));
          return [];
        }
      }
    }),
  );
}

/** A link's own text with what stands around it. */
function withMarks(child: AdfNode, around: AdfMark[]): AdfNode {
  if (child.text === undefined) return child;
  const own = child.marks ?? [];
  const more = around.filter(({ type }) => !own.some((mark) => mark.type === type));
  return text(child.text, [...more, ...own])[0] ?? child;
}

/** Neighbours with the same marks as one node. */
function merged(nodes: AdfNode[]): AdfNode[] {
  const out: AdfNode[] = [];
  for (const next of nodes) {
    const last = out.at(-1);
    const same = last?.text !== undefined && next.text !== undefined;
    if (same && JSON.stringify(last.marks) === JSON.stringify(next.marks)) {
      out[out.length - 1] = { ...last, text: `${last.text ?? ''}${next.text ?? ''}` };
    } else out.push(next);
  }
  return out;
}
