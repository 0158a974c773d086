import { describe, expect, it } from 'vitest';
import { allPages, faultOf, linksOf, readPage } from './support/pages.js';

const pages = allPages();

describe('links', () => {
  it.each(pages.map((page) => [page.file, page] as const))('%s has links that lead somewhere', (_, page) => {
    const faults = linksOf(page).flatMap(({ line, url }) => {
      const fault = faultOf(url, page);
      return fault === undefined ? [] : [`${page.file}:${line} ${url}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  it('would be found: a file and a heading that do not exist', () => {
    const page = readPage('docs/README.md');
    expect(faultOf('nowhere.md', page)).toBe('docs/nowhere.md does not exist');
    expect(faultOf('getting-started.md#nowhere', page)).toBe('docs/getting-started.md has no heading for #nowhere');
    expect(faultOf('#nowhere', page)).toBe('docs/README.md has no heading for #nowhere');
  });
});

describe('the index', () => {
  it('leads to every page of docs/', () => {
    const index = readPage('docs/README.md');
    const linked = linksOf(index).map(({ url }) => `docs/${url.split('#')[0] ?? ''}`);
    const others = pages.map(({ file }) => file).filter((file) => file.startsWith('docs/') && file !== index.file);
    expect(others.filter((file) => !linked.includes(file))).toEqual([]);
  });
});

describe('README.md', () => {
  it('is a front door: at most 150 lines, none over 120 characters', () => {
    const lines = readPage('README.md').text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(150);
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });
});
