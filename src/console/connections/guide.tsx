import { readFile } from 'node:fs/promises';
import type { ComponentChildren, JSX } from 'preact';
import type { ConnectionProvider } from '../../integrations/connections/model.js';

/** Relative to `dist/src/console/connections`; a container image must include this folder. */
const guides = new URL('../../../../docs/guides/trackers/', import.meta.url);

/** The setup guide of a tracker, from `docs/guides/trackers`. */
export async function guideOf(provider: ConnectionProvider): Promise<JSX.Element> {
  const text = await readFile(new URL(`${provider}.md`, guides), 'utf8');
  return <Markdown text={text} />;
}

/** Renders headings, paragraphs, lists, tables and code. For the project's own documents only, not for untrusted text. */
const Markdown = ({ text }: { text: string }) => <div class="prose">{blocksOf(text).map(blockOf)}</div>;

/** Splits at empty lines, but keeps code blocks whole. */
const blocksOf = (text: string): string[] =>
  text.split(/^(```\w*\n[\s\S]*?\n```)$/m).flatMap((part) => (part.startsWith('```') ? [part] : part.split(/\n{2,}/)));

function blockOf(block: string): JSX.Element | null {
  const text = block.trim();
  if (text === '') return null;
  if (text.startsWith('```')) return <pre tabindex={0}>{text.split('\n').slice(1, -1).join('\n')}</pre>;
  const [, level = '', title = ''] = /^(#+) (.*)$/.exec(text) ?? [];
  if (level === '#') return <h1>{inline(title)}</h1>;
  if (level !== '') return <h2>{inline(title)}</h2>;
  if (text.startsWith('|')) return <Table rows={text.split('\n').map(cellsOf)} />;
  if (text.startsWith('- ')) return <ul>{items(text, /^- /m)}</ul>;
  if (/^\d+\. /.test(text)) return <ol>{items(text, /^\d+\. /m)}</ol>;
  return <p>{inline(text)}</p>;
}

const items = (text: string, mark: RegExp) =>
  text
    .split(mark)
    .filter((item) => item.trim() !== '')
    .map((item) => {
      const [first = '', ...nested] = item.split(/^ +- /m);
      return (
        <li key={item}>
          {inline(first)}
          {nested.length > 0 && (
            <ul>
              {nested.map((entry) => (
                <li key={entry}>{inline(entry)}</li>
              ))}
            </ul>
          )}
        </li>
      );
    });

const cellsOf = (row: string) => row.split('|').slice(1, -1);

const Table = ({ rows: [head = [], , ...rows] }: { rows: string[][] }) => (
  <div class="table">
    <table>
      <thead>
        <tr>
          {head.map((cell) => (
            <th scope="col" key={cell}>
              {inline(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.join()}>
            {row.map((cell) => (
              <td key={cell}>{inline(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Renders code, bold and emphasis. Other pages of the documentation are not served, so links to them are plain words. */
const inline = (text: string): ComponentChildren =>
  text.split(/(`[^`]+`|\*\*[^*]+\*\*|\b_[^_]+_\b|\[[^[\]]+\]\([^)\s]+\))/).map((part) => {
    if (part.startsWith('`')) return <code>{part.slice(1, -1)}</code>;
    const [, words, url = ''] = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part) ?? [];
    if (words !== undefined) return /^https?:/.test(url) ? <a href={url}>{words}</a> : words;
    if (part.startsWith('**')) return <strong>{inline(part.slice(2, -2))}</strong>;
    return /^_.*_$/s.test(part) ? <em>{part.slice(1, -1)}</em> : part;
  });
