import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureTemporal } from '../../dev/binaries/index.js';
import { freePort } from '../../dev/stack/ports.js';
import { readText, root } from '../deploy/files.js';
import { patience } from '../e2e/support/tracked.js';
import { adminKey, openProduct, type Product, type RunningApi } from '../support/product.js';
import { allPages, type Fence, type Page } from './support/pages.js';
import { Shell } from './support/shell.js';

/** Blocks that cannot run here, by the page and what they begin with, each with the reason. */
const notRun: Readonly<Record<string, string>> = {
  'README.md: npm ci && npm start': 'the product runs already, by the same build; test/dev/start.test.ts starts it',
  'README.md: npm ci && npm test': 'this is a part of it',
  'docs/getting-started.md: git clone': 'a clone and a second product would take minutes',
  'docs/guides/trackers/jira.md: kt api post /connections': 'it dials a Jira site; test/providers has a fake one',
  'docs/guides/deploy.md: docker compose': 'there is no container engine',
  'docs/guides/deploy.md: cp deploy/kubernetes': 'there is no cluster',
  'docs/guides/deploy.md: TEMPORAL_ADDRESS=': 'these are settings of Temporal Cloud, with placeholders',
  'docs/guides/deploy.md: tcld': 'there is no Temporal Cloud',
  'CONTRIBUTING.md: npm run servers': 'it serves other test runs until it is stopped',
  'CONTRIBUTING.md: export MONGODB_URI': 'it runs other tests on other servers',
};

/** Languages of blocks that are not for a terminal. Examples in `console` are of the reference, with ids that do not exist. */
const otherLanguages = ['', 'text', 'json', 'console', 'python', 'go', 'rust', 'js', 'yaml', 'mermaid'];
/** Ports that the pages give to receivers. They may be taken on this machine. */
const portsOfPages = ['4400', '4500', '4600', '4700', '4701'];
const blockMs = 120_000;

const pages = allPages();
const isBlock = ({ lang }: Fence) => lang === 'sh';
const reasonOf = ({ file }: Page, { text }: Fence) =>
  Object.keys(notRun).find((key) => `${file}: ${text}`.startsWith(key));
const runnable = pages.filter((page) => page.fences.some((fence) => isBlock(fence) && !reasonOf(page, fence)));

const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-docs-'));
let product: Product;
let api: RunningApi;
/** What pages say, and what stands in its place here. */
const replacements = new Map<string, string>();
let temporalFolder: string;

beforeAll(async () => {
  const port = await freePort();
  const env = { PUBLIC_URL: `http://127.0.0.1:${port}`, EGRESS_ALLOW: '127.0.0.0/8', ...patience };
  product = openProduct({ env });
  [api] = await Promise.all([product.startApi({ port }), product.startWorker()]);
  replacements.set('http://localhost:8080', api.url).set('127.0.0.1:7233', product.env.TEMPORAL_ADDRESS ?? '');
  for (const each of portsOfPages) replacements.set(each, String(await freePort()));
  temporalFolder = path.dirname(await ensureTemporal());
  // A folder that looks like the checkout after `npm start`.
  for (const name of readdirSync(root)) {
    if (name.startsWith('.drawbridge') || name === '.env') continue;
    symlinkSync(path.join(root, name), path.join(folder, name));
  }
  mkdirSync(path.join(folder, '.drawbridge'));
  writeFileSync(path.join(folder, '.drawbridge/keys.json'), JSON.stringify({ ADMIN_API_KEY: adminKey }));
});
afterAll(async () => {
  await product.close();
  rmSync(folder, { recursive: true, force: true });
});

const adapt = (text: string) => [...replacements].reduce((adapted, [from, to]) => adapted.replaceAll(from, to), text);

/** The terminal that a page begins with. Guides continue getting started, each in an org of its own. */
async function openShell({ file }: Page): Promise<Shell> {
  const { PATH = '', HOME } = process.env;
  const own = { PATH: `${temporalFolder}${path.delimiter}${PATH}`, HOME, KT_API_URL: api.url };
  const shell = new Shell({ cwd: folder, env: { ...product.env, ...own } });
  if (!file.startsWith('docs/guides/') && !file.startsWith('docs/reference/')) return shell;
  const org = path.basename(file, '.md').toLowerCase();
  await api.admin.post('/orgs', { id: org, name: org });
  const alias = `alias kt="node $PWD/bin/kt.mjs"\nexport KT_API_KEY=${adminKey} KT_ORG=${org}`;
  expect(await shell.run(alias, blockMs)).toEqual({ code: 0 });
  return shell;
}

/** The output that a page shows below a block: `…` stands for anything. */
function shownBelow(page: Page, fence: Fence): RegExp[] {
  const next = page.fences[page.fences.indexOf(fence) + 1];
  if (next?.lang !== 'text') return [];
  return adapt(next.text)
    .split('\n')
    .map((line) => line.trim().replace(/[ \t]+/g, ' '))
    .map((line) => new RegExp(line.split('…').map(literal).join('.*')));
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('the commands of', () => {
  it.each(runnable.map((page) => [page.file, page] as const))(
    '%s run as they stand, and show what the page shows',
    async (_, page) => {
      const shell = await openShell(page);
      try {
        for (const fence of page.fences) {
          if (!isBlock(fence) || reasonOf(page, fence)) continue;
          const from = shell.output.length;
          const { code } = await shell.run(adapt(fence.text), blockMs);
          const at = `${page.file}:${fence.line}`;
          expect(code, `${at}\n${shell.output.slice(from)}`).toBe(0);
          const isShown = await shell.shows(shownBelow(page, fence), from, 30_000);
          expect(isShown, `${at} does not show what stands below it:\n${shell.output.slice(from)}`).toBe(true);
        }
      } finally {
        shell.close();
      }
    },
    600_000,
  );
});

describe('the pages', () => {
  it('have no command that is left out without a reason, and no reason without a command', () => {
    const left = pages.flatMap((page) => page.fences.filter(isBlock).flatMap((fence) => reasonOf(page, fence) ?? []));
    expect(Object.keys(notRun).filter((key) => !left.includes(key))).toEqual([]);
    expect(runnable.length).toBeGreaterThan(10);
  });

  it('have blocks of known languages only, so that no command hides behind another name', () => {
    const unknown = pages.flatMap(({ file, fences }) =>
      fences
        .filter(({ lang }) => lang !== 'sh' && !otherLanguages.includes(lang))
        .map(({ line, lang }) => `${file}:${line} ${lang}`),
    );
    expect(unknown).toEqual([]);
  });

  it('name scripts of package.json that exist', () => {
    const scripts = Object.keys((JSON.parse(readText('package.json')) as { scripts: object }).scripts);
    const named = pages.flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(5);
    expect([...new Set(named)].filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it('name files of the project that exist', () => {
    const folders = 'src|activities|workflows|dev|test|deploy|bench|docs|bin';
    const pattern = new RegExp(`\`((?:${folders})/[\\w./-]+)\``, 'g');
    const named = pages.flatMap(({ file, text }) =>
      file === 'CHANGELOG.md' ? [] : [...text.matchAll(pattern)].map(([, name = '']) => `${file}: ${name}`),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((each) => !existsSync(path.join(root, each.split(': ')[1] ?? '')))).toEqual([]);
  });
});
