import { TextlintKernel } from '@textlint/kernel';
import { MarkdownProcessor } from '@textlint/textlint-plugin-markdown/lib/src/MarkdownProcessor.js';
import { describe, expect, it } from 'vitest';
import { allPages } from './support/pages.js';
import { proseRules } from './support/prose-rules.js';

const kernel = new TextlintKernel();
const rules = Object.entries(proseRules).map(([ruleId, rule]) => ({ ruleId, rule }));
/** History is not rewritten. */
const pages = allPages().filter(({ file }) => file !== 'CHANGELOG.md');

async function faultsOf(text: string, filePath: string): Promise<string[]> {
  const { messages } = await kernel.lintText(text, {
    filePath,
    ext: '.md',
    plugins: [{ pluginId: 'markdown', plugin: { Processor: MarkdownProcessor } }],
    rules,
  });
  return messages.map(({ loc, ruleId, message }) => `${filePath}:${loc.start.line} ${ruleId}: ${message}`);
}

describe('the prose of', () => {
  it.each(pages.map((page) => [page.file, page] as const))('%s is plain technical English', async (_, page) => {
    expect(await faultsOf(page.text, page.file)).toEqual([]);
  });

  it.each([
    ['Please run it.', 'no-fillers'],
    ['Those that are well do not wait.', 'no-riddles'],
    ['What may heal is tried again without an end.', 'no-riddles'],
    ['It stays open, for it takes writes.', 'no-riddles'],
    ['The secrets are sealed.', 'no-metaphors'],
    [`One ${'very '.repeat(40)}long sentence.`, 'sentence-length'],
    [`A ${'line '.repeat(35)}`, 'line-length'],
  ])('is checked: “%.40s” is found by %s', async (text, rule) => {
    expect((await faultsOf(text, 'page.md')).join('\n')).toContain(` ${rule}: `);
  });

  it('may use any word in code', async () => {
    expect(await faultsOf('Run `npm run reseal`; `please` is a name.', 'page.md')).toEqual([]);
  });
});
