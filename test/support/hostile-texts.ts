/** Texts of any length that are known to make parsers slow. */

type GrowingText = (length: number) => string;

const fill = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** One unit again and again: what is nested, never closed, or closed too often. */
const markdownUnits = [
  ...[
    '> ',
    '- ',
    '1. ',
    '> - ',
    '- a\n',
    '> a\n',
    '> a\nb\n\n',
    '# a\n',
    '#\n',
    '-\n',
    '\n',
    '- - -\n',
    '```\n',
    '~~~a\n',
  ],
  ...['[', ']', '[]', '[](', '[a](b)', '![', '[a](b (', '[a](b "', '[a](<', '](a', '[a]: b\n', '[^'],
  ...['*', '*a ', 'a* ', '*a', '***a', '**a*b_c__d ', '_a ', 'a_', '~~a ', '.*a '],
  ...['`', '`a``', '<', '<a@', '<http://', '&', '&amp;', '\\', '\\*', '\t', ' '],
  ...['https://a ', 'https://a.', 'https://a))', 'https://', 'h ', 'mailto:a@', '漢'],
];

const otherUnits = [
  ...['[~', '+a', '??a', '<li ', '<script>', '</script ', '<!--', '&#', '%c3%a9', 'é.', '\u0301\u0323'],
  ...[
    '[code]',
    '[/code]',
    '[ code',
    '{code}',
    '{code:x}',
    '{noformat}',
    '{{',
    '{reason}',
    '{title}',
    '|',
    '||',
    '!a',
    'h1. ',
  ],
  ...['authorization: ', 'bearer a', 'basic ', '[drawbridge:', 'a (Drawbridge):\n', '${', '{{DATE(', '<at>'],
  ...['"', '",', 'a=', ';', ',', '{"a":', '[[', '1', '0.', '../', '\r\n', '\u2028', '\ud83d', '👩‍🚀', '🇦', '\u0000'],
];

const joined: Record<string, GrowingText> = {
  'openers, then closers': (length) => fill('*a ', length / 2) + fill('b* ', length / 2),
  'other openers, then closers': (length) => fill('**a _b ', length / 2) + fill('c_ d* ', length / 2),
  'balanced brackets, then closing ones': (length) => fill('[]', length / 2) + fill(']', length / 2),
  'nested brackets': (length) => fill('[', length / 2) + fill(']', length / 2),
  'nested links': (length) => fill('[', length / 5) + fill('](a)', (length * 4) / 5),
  'nested JSON': (length) => '['.repeat(length / 2) + ']'.repeat(length / 2),
  'stairs of lists': (length) => stairs(length, (step) => `${'  '.repeat(step)}- a\n`),
  'stairs of quotations': (length) => stairs(length, (step) => `${'>'.repeat(step + 1)}a\n`),
  'code spans of growing length': (length) => stairs(length, (step) => `${'`'.repeat(step + 1)}a`),
  'spaces in a tag': (length) => `[${fill(' ', length)}code`,
  'spaces in many tags': (length) => fill(`[${' '.repeat(500)}/`, length),
  'spaces before a sign': (length) => `a${fill(' ', length)}b = c =`,
  'spaces behind a mark': (length) => `\n[drawbridge:a]${fill(' ', length)}x`,
  'a rule that is none': (length) => `${fill('* ', length)}a`,
  'dots and parentheses': (length) => fill(`https://a${'.'.repeat(1_365)}${')'.repeat(683)} `, length),
  'a host of many letters': (length) => Array.from({ length }, (_, at) => letter(at)).join(''),
  'hosts at the limit': (length) =>
    fill(`https://${Array.from({ length: 300 }, (_, at) => letter(at)).join('')}/ `, length),
  'a token': (length) => `Bearer ${fill('a', length)}`,
  'a long word': (length) => fill('a', length),
  'slashes before an end': (length) => `a${fill('/', length)}a`,
  'marks in the wrong order': (length) => `a${fill('\u0301', length / 2)}${fill('\u0323', length / 2)}`,
  'lines of code': (length) => `\`\`\`\n${fill('a\n', length)}`,
  'Markdown as people write it': (length) =>
    fill(
      'This is **some** text with [a link](https://x.test/a) and `code`.\nAnother, _really_.\n\n- one\n- two\n\n',
      length,
    ),
  'a log': (length) =>
    fill('2026-01-01 [INFO] [main] some_name=a_b *x* and words until the line has its hundred signs\n', length),
};

function stairs(length: number, stepOf: (step: number) => string): string {
  let text = '';
  for (let step = 0; text.length < length; step++) text += stepOf(step);
  return text.slice(0, length);
}

const letter = (at: number) => String.fromCharCode(0x4e00 + ((at * 7_919) % 20_000));

/** Pieces in an order that is the same in each run. */
function random(seed: number, pieces: readonly string[]): GrowingText {
  return (length) => {
    let state = seed;
    let text = '';
    while (text.length < length) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      text += pieces[(state >> 8) % pieces.length] ?? '';
    }
    return text.slice(0, length);
  };
}

const repeated = (units: readonly string[]): Record<string, GrowingText> =>
  Object.fromEntries(units.map((unit) => [JSON.stringify(unit), (length: number) => fill(unit, length)]));

/** Each makes a text of a length that it is given. */
export const markdownTexts: Record<string, GrowingText> = {
  ...repeated(markdownUnits),
  ...joined,
  'random 1': random(1, markdownUnits),
  'random 2': random(2, markdownUnits),
};

export const otherTexts: Record<string, GrowingText> = {
  ...repeated(otherUnits),
  'random 3': random(3, [...markdownUnits, ...otherUnits]),
};
