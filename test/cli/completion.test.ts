import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { groups, singles } from '../../src/cli/commands/index.js';
import { kt } from './support/kt.js';

/** What bash would offer for each line; the last word of a line is the one to complete. */
async function completionsOf(lines: readonly string[]): Promise<string[][]> {
  const { stdout: script } = await kt(['completion', 'bash']);
  const asks = lines.map((line) => {
    const args = line.split(' ');
    return `COMP_WORDS=(${args.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${args.length - 1}; COMPREPLY=(); _kt; echo "\${COMPREPLY[*]}"`;
  });
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-uc', [script, ...asks].join('\n')], {
    env: { PATH: process.env.PATH ?? '' },
  });
  expect(stderr).toBe('');
  return stdout
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split(' ').filter(Boolean));
}

test('bash completes commands, options and choices', async () => {
  const cases: [line: string, offered: string[]][] = [
    ['kt wh', ['whoami']],
    ['kt web', ['webhook']],
    ['kt webhook re', ['resend', 'recover']],
    ['kt help esc', ['escalation']],
    ['kt --org acme ticket cl', ['close']],
    ['kt webhook --json li', ['list', 'listen']],
    ['kt webhook list --a', ['--all', '--api-url']],
    ['kt webhook update --no', ['--no-ordered', '--no-rate-limit', '--no-headers']],
    ['kt escalation resolve --id esc_1 --resolution d', ['denied', 'dismissed']],
    ['kt completion z', ['zsh']],
    ['kt webhook create --url ', []],
    ['kt webhook create --description ticket --ev', ['--events']],
  ];
  const offered = await completionsOf(cases.map(([line]) => line));
  expect(offered.map((args, index) => [cases[index]?.[0], args])).toEqual(cases);
});

test('bash offers every command, and each of its options', async () => {
  const commands = [...groups.flatMap(({ commands }) => commands), ...singles];
  const offered = await completionsOf([
    'kt ',
    ...groups.map(({ name }) => `kt ${name} `),
    ...commands.map(({ path }) => `kt ${path} --`),
  ]);
  expect(offered[0]).toEqual(
    expect.arrayContaining([
      ...groups.map(({ name }) => name),
      ...singles.map(({ path }) => path),
      'help',
      '--version',
    ]),
  );
  for (const [index, group] of groups.entries()) {
    expect(offered[1 + index]).toEqual(
      expect.arrayContaining(group.commands.map(({ path }) => path.split(' ').at(-1) ?? '')),
    );
  }
  for (const [index, { path, options }] of commands.entries()) {
    const names = [...Object.keys(options), 'json', 'api-url', 'help'].map((name) => `--${name}`);
    expect({ path, args: offered[1 + groups.length + index] }).toEqual({ path, args: expect.arrayContaining(names) });
  }
});

test('the script for zsh offers the same words, and the one for fish names every command', async () => {
  const candidates = (script: string) => /^_kt_candidates\(\) \{\n[^]*?\n\}$/m.exec(script)?.[0];
  const [bash, zsh, fish] = await Promise.all(
    ['bash', 'zsh', 'fish'].map(async (shell) => (await kt(['completion', shell])).stdout),
  );
  expect(candidates(zsh ?? '')).toBe(candidates(bash ?? ''));
  expect(zsh).toMatch(/\ncompdef _kt kt\n$/);
  for (const { path, summary } of groups.flatMap(({ commands }) => commands)) {
    const [group = '', name = ''] = path.split(' ');
    const condition = `'__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from `;
    const line = fish?.split('\n').find((each) => each.includes(condition) && each.endsWith(` -a ${name}`));
    expect({ path, line }).toEqual({ path, line: expect.stringContaining(summary) });
  }
});
