import { safeHref } from './adf.js';

const codeTag = /\{(code|noformat)(?::[^{}\n]{0,200})?\}/g;

/** The text of Jira's wiki markup, as older webhooks still carry it. What stands in code blocks stays as it is. */
export function wikiText(wiki: string): string {
  const lastTags = new Map(['code', 'noformat'].map((name) => [name, wiki.lastIndexOf(`{${name}}`)]));
  const out: string[] = [];
  let from = 0;
  let opened: string | null = null;
  for (const { 0: tag, 1: name = '', index } of wiki.matchAll(codeTag)) {
    const isOpening: boolean = opened === null && (lastTags.get(name) ?? -1) > index;
    const isClosing = opened !== null && tag === `{${opened}}`;
    if (!isOpening && !isClosing) continue;
    const text = wiki.slice(from, index);
    out.push(isOpening ? prose(text) : text);
    opened = isOpening ? name : null;
    from = index + tag.length;
  }
  return [...out, prose(wiki.slice(from))].join('');
}

function prose(wiki: string): string {
  return wiki.split('\n').map(line).join('\n');
}

function line(wiki: string): string {
  if (wiki.trim() === '') return '';
  const plain = wiki
    .replace(/^\s*-{4,}\s*$/, '---')
    .replace(/^h[1-6]\.\s+/, '')
    .replace(/^bq\.\s+/, '> ')
    .replace(
      /^([*#-]{1,6})\s+/,
      (_, marks: string) => `${'  '.repeat(marks.length - 1)}${marks.endsWith('#') ? '1.' : '-'} `,
    )
    .replace(/^\|\|(.*)\|\|\s*$/, (_, cells: string) =>
      cells
        .split('||')
        .map((cell) => cell.trim())
        .join(' | '),
    )
    .replace(/^\|([^|].*)\|\s*$/, (_, cells: string) =>
      cells
        .split('|')
        .map((cell) => cell.trim())
        .join(' | '),
    )
    .replace(/\{(?:quote|panel|color|anchor|expand|center)(?::[^{}]{0,200})?\}/g, '')
    .replace(/\{\{([^{}]{1,500})\}\}/g, '$1')
    .replace(/\[~(?:accountid:)?[^\]|\s]{1,200}\]/g, '@someone')
    .replace(
      /\[([^[\]|]{1,1000})\|([^[\]|\s]{1,2048})(?:\|[^[\]]{0,40})?\]/g,
      (source, label: string, address: string) => {
        const href = safeHref(address);
        if (href === null) return source;
        return href === label ? href : `${label} (${href})`;
      },
    )
    .replace(/\[((?:https?:\/\/|mailto:)[^[\]|\s]{1,2048})\]/g, '$1')
    .replace(/\[\^([^[\]|]{1,255})\]/g, '[attachment: $1]')
    .replace(/(?<![\w!])!([^!\s|][^!|\n]{0,254}\.\w{2,5})(?:\|[^!\n]{0,200})?!(?!\w)/g, '[attachment: $1]');
  return emphasised(plain)
    .replace(/\\\\(?=\s|$)/g, '\n')
    .replace(/\\([{}[\]*_!|#-])/g, '$1');
}

/**
 * Takes the marks off `*strong*`, `_em_`, `+inserted+` and `??cited??`; those inside of a word stay. `-deleted-` stays
 * too, since most dashes are only dashes.
 */
function emphasised(plain: string): string {
  return plain
    .replace(/(?<![\w*\\])\*(?=\S)([^*\n]{1,1000})(?<=\S)\*(?![\w*])/g, '$1')
    .replace(/(?<![\w\\/])_(?=\S)([^_\n]{1,1000})(?<=\S)_(?!\w)/g, '$1')
    .replace(/(?<![\w+\\])\+(?=\S)([^+\n]{1,1000})(?<=\S)\+(?![\w+])/g, '$1')
    .replace(/\?\?(?=\S)([^?\n]{1,1000})(?<=\S)\?\?/g, '$1');
}
