import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doc, type AdfNode } from '../../src/integrations/jira/text/adf.js';
import { document } from '../../src/integrations/jira/text/document.js';
import { blocks } from '../../src/integrations/jira/text/markdown.js';
import { readableText } from '../../src/integrations/jira/text/readable.js';
import { adfFaults } from '../support/fake-jira/check-adf.js';
import { textsIn } from '../support/fake-service.js';

/** Nodes as one line each: `paragraph(text "a" strong)`. */
function drawn(nodes: AdfNode[]): string {
  return nodes
    .map(({ type, text, marks = [], content = [], attrs }) => {
      if (type === 'hardBreak') return '/';
      const kinds = marks.map((mark) => mark.attrs?.href ?? mark.type).join('+');
      if (text !== undefined) return kinds === '' ? text : `${kinds}<${text}>`;
      return `${type}${attrs ? Object.values(attrs).join() : ''}(${drawn(content)})`;
    })
    .join(' ');
}

describe('jira: Markdown becomes a document', () => {
  it.each([
    ['two\nlines\n\nanother', 'paragraph(two / lines) paragraph(another)'],
    ['# One\n### Three ###\n#no', 'heading1(One) heading3(Three) paragraph(#no)'],
    [
      '- b\n  - c\n\n  e\n* d',
      `bulletList(listItem(paragraph(b) bulletList(listItem(paragraph(c))) paragraph(e))) ` +
        'bulletList(listItem(paragraph(d)))',
    ],
    ['  - a\n  - b', 'bulletList(listItem(paragraph(a)) listItem(paragraph(b)))'],
    [
      '1. a\n2. b\n\ntext\n\n7) c',
      'orderedList(listItem(paragraph(a)) listItem(paragraph(b))) paragraph(text) orderedList7(listItem(paragraph(c)))',
    ],
    ['In\n2024. It was', 'paragraph(In / 2024. It was)'],
    ['> said\n> # loud\n>> deeper', 'blockquote(paragraph(said) paragraph(strong<loud>) paragraph(deeper))'],
    ['```ts\nconst a = `x`;\n\n**no**\n```\nafter', 'codeBlockts(const a = `x`;\n\n**no**) paragraph(after)'],
    ['~~~\nnever closed', 'codeBlock(never closed)'],
    ['- ```\n  code\n  ```', 'bulletList(listItem(codeBlock(code)))'],
    ['- > quoted', 'bulletList(listItem(paragraph(quoted)))'],
    ['a\n\n---\n\nb', 'paragraph(a) rule() paragraph(b)'],
    [
      '**bold** *em* _em_ ***both*** ~~gone~~ `co*d*e`',
      'paragraph(strong<bold>   em<em>   em<em>   strong+em<both>   strike<gone>   code<co*d*e>)',
    ],
    ['snake_case_name 2 * 3 * 4 **open', 'paragraph(snake_case_name 2 * 3 * 4 **open)'],
    ['\\*not\\* \\[a\\](b) \\<b> \\&amp; AT&amp;T', 'paragraph(*not* [a](b) <b> &amp; AT&T)'],
    [
      '[a **b**](https://x.test/a_(b) "t") <https://y.example> me',
      'paragraph(https://x.test/a_(b)<a > strong+https://x.test/a_(b)<b>   https://y.example<https://y.example>  me)',
    ],
    [
      'see https://x.test/a?b=c&d=e. (https://y.test)',
      'paragraph(see  https://x.test/a?b=c&d=e<https://x.test/a?b=c&d=e> . ( https://y.test<https://y.test> ))',
    ],
    ['[mail](mailto:a@b.example)', 'paragraph(mailto:a@b.example<mail>)'],
    [
      '![plan](https://x.example/p.png) ![](data:image/png;base64,AAAA) ![a](/b.png)',
      'paragraph(https://x.example/p.png<Image: plan>  [image left out] [image left out: a])',
    ],
    ['| a | b |\n|---|---|', 'paragraph(| a | b | / |---|---|)'],
    ['> asked\nanswered', 'blockquote(paragraph(asked)) paragraph(answered)'],
    ['```\n> a\nb\n```', 'codeBlock(> a\nb)'],
    ['- ```\n  > a\n  b\n  ```', 'bulletList(listItem(codeBlock(> a\nb)))'],
    ['a\n---\nb', 'paragraph(a) rule() paragraph(b)'],
    ['[a]: https://x.test', 'paragraph([a]:  https://x.test<https://x.test>)'],
    [
      'https://x.test/__init__.py **https://y.test** xhttps://no.test https://',
      'paragraph(https://x.test/__init__.py<https://x.test/__init__.py>   strong+https://y.test<https://y.test>  ' +
        'xhttps://no.test https://)',
    ],
    ['[https://x.test](https://y.test)', 'paragraph(https://y.test<https://x.test>)'],
    ['``a`b`` ~no~ &copy;', 'paragraph(code<a`b>  ~no~ ©)'],
    ['', ''],
  ])('%j', (markdown, expected) => {
    expect(drawn(blocks(markdown))).toBe(expected);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>)',
    '[x](//evil.example)',
    '[x](file:///etc/passwd)',
    '[x](vbscript:x)',
    '<javascript:alert(1)>',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[~accountid:5b10a2844c20165700ede21g]',
    '@everyone {code}x{code} {{x}} h1. no',
    '!image.png!',
  ])('keeps %j as the text that it is', (hostile) => {
    const [paragraph, ...others] = blocks(hostile);
    expect(others).toEqual([]);
    expect(paragraph?.content).toEqual([{ type: 'text', text: hostile }]);
  });

  it('drops what JSON may hold and Jira refuses', () => {
    expect(drawn(blocks('a\u0000b\u0007\ud800c\r\nd\re'))).toBe('paragraph(ab\ufffdc / d / e)');
  });

  const piece = fc.constantFrom(
    ...[
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```\n',
      '[',
      ']',
      '(',
      ')',
      '!',
      '<',
      '>',
      '\\',
      '&amp;',
      '#',
      '# ',
      '- ',
      '1. ',
      '> ',
      '\n',
      '\n\n',
      '  ',
      '\t',
    ],
    ...['https://a.example', 'mailto:a@b.example', 'javascript:x', 'word', '🔐', '\ud83d', '\u0000', '---', '|', '"'],
  );
  const markdown = fc.oneof(
    fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );

  it('is by the schema of Atlassian’s documents, whatever comes', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(adfFaults(document(text))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps every word', () => {
    const word = fc.stringMatching(/^[a-z]{3,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, piece), { maxLength: 40 }), (parts) => {
        // Behind a fence stands the name of a language, and in an address there is no text.
        fc.pre(!parts.some(([, mark]) => /^(`|~|https?:|mailto|javascript|\[|<|!)/.test(mark)));
        const plainText = textsIn(doc(blocks(parts.map(([text, mark]) => ` ${text} ${mark}`).join('')))).join(' ');
        for (const [text] of parts) expect(plainText).toContain(text);
      }),
    );
  });

  it('turns what costs too much to parse into plain lines with links, and keeps what stands before it', () => {
    const hostile = `${'*a _b '.repeat(3_000)}\nhttps://x.test.`;
    const made = blocks(`# Title\n\n**bold**\n\n${hostile}`);
    expect(drawn(made.slice(0, 2))).toBe('heading1(Title) paragraph(strong<bold>)');
    expect(drawn(made.slice(2))).toBe(`paragraph(${'*a _b '.repeat(3_000).trim()} / https://x.test<https://x.test> .)`);
  });

  it('reads a list item by item, as far as the budget goes', () => {
    const made = blocks(Array.from({ length: 1_000 }, (_, at) => `- item ${at}`).join('\n'));
    expect(made.map(({ type }) => type)).toEqual(['bulletList', 'paragraph']);
    const plainText = textsIn(doc(made)).join(' ');
    for (let at = 0; at < 1_000; at++) expect(plainText).toContain(`item ${at}`);
  });

  it('cuts a text at the limit of Jira, and says so before what stands behind it', () => {
    const after = [{ type: 'paragraph', content: [{ type: 'text', text: 'after' }] }];
    for (const unit of ['word ', '- a\n', '> a\n\n', 'a\n', '`a` ', '"\\ ']) {
      const { content } = document(unit.repeat(32_000), { after });
      expect(content.at(-1)).toEqual(after[0]);
      expect(JSON.stringify(content.at(-2))).toMatch(/…"[^"]*$/);
      expect(adfFaults(doc(content))).toEqual([]);
    }
  });

  it.each([32_000, 60_000])('of %i characters fits, and is nearly full', (length) => {
    const dense = '**b** '.repeat(length / 12);
    for (const text of [dense + 'x'.repeat(length / 2), 'x'.repeat(length / 2) + dense]) {
      const made = document(text);
      expect(adfFaults(made)).toEqual([]);
      expect(JSON.stringify(made).length).toBeLessThanOrEqual(32_767);
      expect(JSON.stringify(made).length).toBeGreaterThan(31_000);
    }
  });
});

describe('jira: a document becomes text', () => {
  it('reads as what was written, when it was ours', () => {
    const text =
      'Two\nlines\n\n- a\n- b\n  - c\n\n1. x\n2. y\n\n> quoted\n> lines\n\ncode()\n\n---\n\nEnd (https://x.example).';
    const markdown = text
      .replace('code()', '```\ncode()\n```')
      .replace('End (https://x.example)', '[End](https://x.example)');
    expect(readableText(document(markdown))).toBe(text);
  });

  const node = (type: string, attrs?: object, ...content: unknown[]) => ({ type, attrs, content });
  const text = (value: string) => ({ type: 'text', text: value });
  const inDoc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });

  it.each([
    ['mentions', node('paragraph', {}, node('mention', { id: '1', text: '@Ada' }), text(', see')), '@Ada, see'],
    ['emoji', node('paragraph', {}, node('emoji', { shortName: ':+1:', text: '👍' })), '👍'],
    ['cards', node('paragraph', {}, node('inlineCard', { url: 'https://x.example' })), 'https://x.example'],
    ['unsafe cards', node('paragraph', {}, node('inlineCard', { url: 'javascript:x' })), '[link]'],
    ['dates', node('paragraph', {}, node('date', { timestamp: '1767225600000' })), '2026-01-01'],
    ['statuses', node('paragraph', {}, node('status', { text: 'OK' })), '[OK]'],
    ['panels', node('panel', {}, node('paragraph', {}, text('Note'))), 'Note'],
    [
      'tables',
      node(
        'table',
        {},
        node(
          'tableRow',
          {},
          node('tableCell', {}, node('paragraph', {}, text('a'))),
          node('tableCell', {}, node('paragraph', {}, text('b'))),
        ),
      ),
      'a | b',
    ],
    [
      'tasks',
      node(
        'taskList',
        {},
        node('taskItem', { state: 'DONE' }, text('a')),
        node('taskItem', { state: 'TODO' }, text('b')),
      ),
      '[x] a\n[ ] b',
    ],
    ['pictures', node('mediaGroup', {}, node('media', { alt: 'plan.png' })), '[attachment: plan.png]'],
    ['unknown blocks', node('novelty', {}, node('paragraph', {}, text('a')), node('paragraph', {}, text('b'))), 'a\nb'],
    [
      'links',
      node('paragraph', {}, { ...text('here'), marks: [{ type: 'link', attrs: { href: 'https://x.example' } }] }),
      'here (https://x.example)',
    ],
    [
      'unsafe links',
      node('paragraph', {}, { ...text('here'), marks: [{ type: 'link', attrs: { href: 'javascript:x' } }] }),
      'here',
    ],
  ])('%s', (_name, content, expected) => {
    expect(readableText(inDoc(content))).toBe(expected);
  });

  it('is empty where there is none, and never throws', () => {
    for (const body of [
      null,
      undefined,
      7,
      [],
      {},
      { type: 'doc' },
      { type: 'doc', content: 'x' },
      inDoc(null, 1, 'x'),
    ]) {
      expect(readableText(body)).toBe('');
    }
    let deep: object = text('below');
    for (let level = 0; level < 5_000; level++) deep = node('panel', {}, deep);
    expect(readableText(inDoc(deep))).toBe('');
    fc.assert(fc.property(fc.anything(), (body) => typeof readableText(body) === 'string'));
  });
});

describe('jira: wiki markup becomes text', () => {
  it.each([
    ['h2. Title\n*bold* and _em_, snake_case_name, 2 * 3 * 4', 'Title\nbold and em, snake_case_name, 2 * 3 * 4'],
    ['* a\n** b\n# c', '- a\n  - b\n1. c'],
    [
      '[docs|https://x.example] [https://y.example] [bad|javascript:x]',
      'docs (https://x.example) https://y.example [bad|javascript:x]',
    ],
    ['[~accountid:5b10] please, {{code}} {color:#ff0000}red{color}', '@someone please, code red'],
    ['{code:java}\nint *a* = [b|c];\n{code}\nafter', '\nint *a* = [b|c];\n\nafter'.trim()],
    ['{quote}said{quote}\nbq. too', 'said\n> too'],
    [
      '!plan.png|thumbnail! and [^log.txt], wow! really!',
      '[attachment: plan.png] and [attachment: log.txt], wow! really!',
    ],
    ['||a||b||\n|1|2|', 'a | b\n1 | 2'],
    ['one\\\\ two \\*kept\\*', 'one\n two *kept*'],
    ['plain <b>text</b>', 'plain <b>text</b>'],
  ])('%j', (wiki, expected) => {
    expect(readableText(wiki)).toBe(expected);
  });
});
