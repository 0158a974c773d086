import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/paths.js';
import { checkFileName, checkNames } from './support/vocabulary.js';

const folders = ['src', 'workflows', 'activities', 'dev', 'bench', 'test'];

function sourceFiles(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(projectRoot(), folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(projectRoot(), path.join(entry.parentPath, entry.name))),
  );
}

describe('the vocabulary', () => {
  it('has no private word in the name of a file', () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(500);
    expect(files.filter((file) => !file.startsWith('test/replay/histories/')).flatMap(checkFileName)).toEqual([]);
  });

  it('has no private word in a name that a source file declares', () => {
    const findings = sourceFiles()
      .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
      .flatMap((file) =>
        checkNames(file, readFileSync(path.join(projectRoot(), file), 'utf8')).map((found) => ({ file, ...found })),
      );
    expect(findings).toEqual([]);
    // Parsing 900 files takes 3 s of CPU time; beside other tests, much longer.
  }, 120_000);

  it.each([
    ['a.ts', 'const doorbell = 1;', 'doorbell'],
    ['a.ts', 'export interface TicketDesk { links: string }', 'desk'],
    ['a.ts', 'export function tellHeld() {}', 'tell'],
    ['a.ts', 'const { outlookOf } = deps;', 'outlook'],
    ['a.ts', 'const most_events = 1; const mostEvents = 2;', 'most'],
    ['a.ts', 'const roundAtMost = 1;', 'most'],
    ['a.ts', 'type Handlers = { lookAtOrphans(): void };', 'look'],
    ['a.ts', 'const giveBack = () => undefined;', 'give back'],
    ['a.tsx', 'const trackerWords = () => <p class="a">b</p>;', 'words'],
    ['a.mjs', 'export const usualPort = 8080;', 'usual'],
  ])('finds a planted one: %s with %s', (file, text, word) => {
    expect(checkNames(file, text).map((found) => found.word)).toContain(word);
  });

  it('leaves alone what others named, comments, texts, and the stored names', () => {
    const text = `
      // The outlook that people are told.
      import { tell } from 'elsewhere';
      const status = library.tell('the doorbell rings');
      interface Stored { ring_after: Date; nth: number }
      const lookUpAfterMs = 3;`;
    expect(checkNames('a.ts', text)).toEqual([]);
  });

  it('finds a planted file', () => {
    expect(checkFileName('src/webhooks/pump/lanes.ts')).toMatchObject([{ word: 'lanes' }]);
    expect(checkFileName('src/tickets/told/model.ts')).toMatchObject([{ word: 'told' }]);
    expect(checkFileName('src/reseal.ts')).toEqual([]);
  });
});
