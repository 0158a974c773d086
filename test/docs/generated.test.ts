import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { blocks, withBlocks } from '../../dev/docs/blocks.js';
import { documentedSettings, readSettings } from '../../dev/docs/settings.js';
import { readPage } from './support/pages.js';

describe('the generated parts', () => {
  it.each(Object.keys(blocks))('of %s are what `npm run docs` writes', async (file) => {
    const { text } = readPage(file);
    const written = await format(withBlocks(text, file), { ...(await resolveConfig(file)), filepath: file });
    expect(text, 'run `npm run docs`').toBe(written);
  });

  it('need their place in the page', () => {
    expect(() => withBlocks('# kt', 'docs/reference/kt.md')).toThrow('docs/reference/kt.md has no place for commands');
  });
});

describe('docs/reference/settings.md', () => {
  it('explains every setting that is read, once, and no other', () => {
    expect([...documentedSettings].sort()).toEqual([...readSettings].sort());
  });
});

describe('docs/reference/workflows.md', () => {
  it('explains every search attribute, and no other', async () => {
    const { searchAttributeNames } = await import('../../workflows/contracts/search-attributes.js');
    const rows = [...readPage('docs/reference/workflows.md').text.matchAll(/^\| `([A-Z]\w+)` +\|/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual([...searchAttributeNames].sort());
  });
});
