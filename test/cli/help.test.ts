import { expect, test } from 'vitest';
import { groups, singles } from '../../src/cli/commands/index.js';
import { createProgram } from '../../src/cli/program.js';
import { openTerminal } from '../../src/cli/terminal.js';
import { kt } from './support/kt.js';

const allCommands = [...groups.flatMap(({ commands }) => commands), ...singles];

/** Words of a command line as a shell takes them, as far as the examples need it. */
const shellSplit = (line: string) =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');

/** The line of a help text that explains a command. */
const lineOf = (word: string, help: string) => help.split('\n').find((line) => line.startsWith(`  ${word} `));

/** The commands that a command line would run. */
async function parsedAs(args: string[]): Promise<string[]> {
  const paths: string[] = [];
  const { stdin, stdout, stderr } = process;
  const program = createProgram({
    terminal: openTerminal({ env: {}, stdin, stdout, stderr, stopSignal: () => new AbortController().signal }, []),
    secrets: [],
    onDispatch: () => undefined,
    onCommand: ({ path }) => Promise.resolve(void paths.push(path)),
  });
  await program.parseAsync(args, { from: 'user' });
  return paths;
}

test('kt by itself names every group and command without one, and how to begin', async () => {
  const { code, stdout, stderr } = await kt([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const { name, summary } of groups) expect(lineOf(name, stdout)).toContain(summary);
  for (const { path, summary } of singles) expect(lineOf(path, stdout)).toContain(summary);
  for (const text of ['kt whoami', 'KT_API_KEY', 'KT_API_URL', 'KT_ORG', '--json', '--version', 'Exit codes']) {
    expect(stdout).toContain(text);
  }
  for (const args of [['help'], ['--help'], ['-h'], ['--json']]) expect((await kt(args)).stdout).toBe(stdout);
});

test.each(groups.map((group) => [group.name, group] as const))(
  'kt help %s lists its commands, each with an example',
  async (name, { commands }) => {
    const { code, stdout, stderr } = await kt(['help', name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { path, summary, examples } of commands) {
      const word = path.split(' ').at(-1) ?? '';
      expect(lineOf(word, stdout)).toContain(summary.slice(0, 30));
      expect(stdout).toContain(examples[0]);
    }
    for (const args of [[name], [name, '--help'], [name, 'help']]) expect((await kt(args)).stdout).toBe(stdout);
  },
);

test.each(allCommands.map((command) => [command.path, command] as const))(
  'kt %s --help explains each option, and its examples are right',
  async (path, { options, examples, summary }) => {
    const commandPath = path.split(' ');
    const { code, stdout, stderr } = await kt([...commandPath, '-h']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: kt ${path} `);
    expect(stdout).toContain(summary);
    for (const name of [...Object.keys(options), 'json', 'org', 'api-url', 'key', 'idempotency-key']) {
      expect(stdout).toMatch(new RegExp(`^  --${name}\\b.* {2}\\S`, 'm'));
    }
    for (const args of [
      ['help', ...commandPath],
      [...commandPath, '--nonsense', '--help'],
      ['--json', ...commandPath, 'wh_1', '-h'],
    ]) {
      expect(await kt(args)).toEqual({ code: 0, stdout, stderr: '' });
    }
    for (const example of examples) {
      expect(stdout).toContain(example);
      const given = shellSplit(example);
      expect(given.slice(0, 1 + commandPath.length).join(' ')).toBe(`kt ${path}`);
      expect(await parsedAs(given.slice(1))).toEqual([path]);
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
