import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/paths.js';

/** src/, the highest layer first, as ARCHITECTURE and .dependency-cruiser.cjs have it. */
const layers = [
  ...['ops', 'console', 'cli', 'webhooks', 'escalations', 'evidence-requests', 'tickets', 'integrations'],
  ...['notifications', 'events', 'auth', 'temporal', 'http', 'observability', 'db', 'config', 'lib'],
];

/** Each breaks the rule that it is named after, by the one import that the second file makes of the first. */
const forbidden: Record<string, [to: string, from: string]> = {
  ...Object.fromEntries(
    layers.slice(1).map((layer, index) => [`${layer}-is-below`, [`src/${layers[index]}/a.ts`, `src/${layer}/b.ts`]]),
  ),
  'ops-stands-on-the-services': ['src/program.ts', 'src/ops/r.ts'],
  'no-cycles': ['src/lib/circle-2.ts', 'src/lib/circle-1.ts'],
  'workflows-are-a-leaf': ['src/lib/c.ts', 'workflows/ticket/d.ts'],
  'contracts-know-no-workflow': ['workflows/ticket/e.ts', 'workflows/contracts/f.ts'],
  'only-contracts-are-shared': ['workflows/ticket/g.ts', 'src/temporal/h.ts'],
  'only-the-worker-knows-activities': ['activities/tickets/i.ts', 'src/temporal/j.ts'],
  'activities-know-no-front-end': ['src/http/k.ts', 'activities/tickets/l.ts'],
  'providers-know-no-routes': ['src/http/p.ts', 'src/integrations/jira/q.ts'],
  'entry-points-are-imported-by-nobody': ['src/worker.ts', 'activities/tickets/m.ts'],
  'product-knows-no-tools': ['dev/n.ts', 'activities/tickets/o.ts'],
};

let folder: string;
let violations: { rule: string; from: string; to: string }[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-imports-'));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "moduleResolution": "nodenext" } }');
  for (const [to, from] of Object.values(forbidden)) {
    write(to, 'export interface Thing {\n  id: string;\n}\n');
    const specifier = path.relative(path.dirname(from), to).replace(/\.ts$/, '.js');
    // A type is enough: it ties the two as much as a value does.
    write(
      from,
      `import type { Thing } from '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\nexport type Own = Thing;\n`,
    );
  }
  // What the loop has made imports this one; now this one imports that as well.
  write('src/lib/circle-2.ts', "import type { Own } from './circle-1.js';\nexport interface Thing {\n  own: Own;\n}\n");

  const options = await extractOptions(path.join(projectRoot(), '.dependency-cruiser.cjs'));
  const { output } = await cruise(['src', 'workflows', 'activities', 'dev'], {
    ...options,
    baseDir: folder,
    tsConfig: { fileName: path.join(folder, 'tsconfig.json') },
    validate: true,
  });
  violations = (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    from,
    to,
  }));
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the import rules', () => {
  it.each(Object.entries(forbidden))('%s refuses a type from %j', (rule, [to, from]) => {
    expect(violations).toContainEqual({ rule, from, to });
  });

  it('have a test each, but for the two that are about packages', async () => {
    const { ruleSet } = await extractOptions(path.join(projectRoot(), '.dependency-cruiser.cjs'));
    const names = (ruleSet?.forbidden ?? []).map(({ name }) => String(name));
    const aboutPackages = ['workflows-are-deterministic', 'no-undeclared-packages'];
    expect(names.filter((name) => !aboutPackages.includes(name)).sort()).toEqual(Object.keys(forbidden).sort());
  });
});
