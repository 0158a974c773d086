import { expect, test } from 'vitest';
import { allCommands, groups } from '../../src/cli/commands/index.js';
import { parseOptions } from '../../src/cli/parse.js';
import { kt } from './support/kt.js';

/** Words of a command line as a shell takes them, as far as the examples need it. */
const shellWords = (line: string) =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');

test('kt by itself names every group and command without one, and how to begin', async () => {
  const { code, stdout, stderr } = await kt([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const { name } of groups) expect(stdout).toContain(`kt ${name} …`);
  for (const text of ['kt whoami', 'kt readiness', 'KT_API_KEY', 'KT_API_URL', 'KT_ORG', '--json', 'Exit codes']) {
    expect(stdout).toContain(text);
  }
  expect((await kt(['help'])).stdout).toBe(stdout);
  expect((await kt(['--help'])).stdout).toBe(stdout);
});

test.each(groups.map((group) => [group.name, group] as const))(
  'kt help %s lists its commands, each with an example',
  async (name, { commands }) => {
    const { code, stdout } = await kt(['help', name]);
    expect(code).toBe(0);
    for (const { path, examples } of commands) {
      expect(stdout).toContain(`kt ${path} `);
      expect(stdout).toContain(examples[0]);
    }
    for (const args of [[name], [name, '--help'], [name, 'help']]) expect((await kt(args)).stdout).toBe(stdout);
  },
);

test.each(allCommands.map((command) => [command.path, command] as const))(
  'kt %s --help explains each option, and its examples are right',
  async (path, { options, examples, summary }) => {
    const { code, stdout, stderr } = await kt([...path.split(' '), '-h']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(summary);
    for (const name of Object.keys(options)) expect(stdout).toMatch(new RegExp(`^  --${name}\\b.* {2}\\S`, 'm'));
    for (const example of examples) {
      expect(stdout).toContain(example);
      const words = shellWords(example);
      expect(words.slice(0, 1 + path.split(' ').length).join(' ')).toBe(`kt ${path}`);
      const given = words.slice(1 + path.split(' ').length);
      expect(() => parseOptions(given, options, new Date())).not.toThrow();
    }
  },
);

test('what an option is, with or without a value, is the same in every command', () => {
  const kinds = new Map<string, Set<boolean>>();
  for (const { options } of allCommands) {
    for (const [name, { kind }] of Object.entries(options)) {
      kinds.set(name, (kinds.get(name) ?? new Set()).add(kind === 'flag'));
    }
  }
  expect([...kinds].filter(([, each]) => each.size > 1)).toEqual([]);
});

test('the version is the project’s', async () => {
  expect(await kt(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^kt \d+\.\d+\.\d+\n$/) });
});
