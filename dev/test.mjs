// npm test: the build, the tests and beside them the checks, and one plain last line with their real counts.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { openPassedChecks } from './test/passed-checks.mjs';

const root = path.join(import.meta.dirname, '..');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const results = mkdtempSync(path.join(tmpdir(), 'drawbridge-results-'));
const report = path.join(results, 'vitest.json');

/** Each counts as one test. */
const build = ['build', process.execPath, ['dev/build.mjs']];
const checks = [
  ['types', bin('tsc'), ['--noEmit']],
  ['lint', bin('eslint'), ['.']],
  ['formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['imports', bin('depcruise'), ['src', 'workflows', 'activities', 'dev', 'bench', 'test']],
  ['dead code', bin('knip'), ['--no-progress']],
];
const tests = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];

let passed = 0;
let failed = 0;
await check(build, { stdio: 'inherit' });
const [code] = await Promise.all([
  run(bin('vitest'), tests, { stdio: 'inherit', env: { ...process.env, NEEDS_BROWSER: '1' } }),
  checkAll(),
]);
const counts = readCounts();
passed += counts.passed;
failed += counts.failed;
// A run that broke without a failed test, in a hook say, has failed all the same.
if (code !== 0 && counts.failed === 0) failed += 1;
rmSync(results, { recursive: true, force: true });

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** The checks run at low priority: the tests wait for timers and receivers, and their deadlines must not suffer. */
async function checkAll() {
  const passedChecks = openPassedChecks(root);
  for (const [name, ...rest] of checks) {
    if (passedChecks.has(name)) {
      console.log(`✓ ${name} (passed before on these very files)`);
      passed += 1;
    } else if (await check([name, ...rest], { isLow: true })) passedChecks.add(name);
  }
}

/** @returns {Promise<boolean>} whether it passed */
async function check([name, command, args], options) {
  const started = Date.now();
  const exitCode = await run(command, args, options);
  console.log(`${exitCode === 0 ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (exitCode === 0) passed += 1;
  else failed += 1;
  return exitCode === 0;
}

/** By default its output is printed at its end, in one piece. */
function run(command, args, { stdio = ['ignore', 'pipe', 'pipe'], env = process.env, isLow = false }) {
  return new Promise((resolve) => {
    const output = [];
    const child = spawn(command, args, { cwd: root, stdio, env });
    if (isLow && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
    child.on('error', () => resolve(1));
    child.on('close', (exitCode) => {
      process.stdout.write(Buffer.concat(output));
      resolve(exitCode ?? 1);
    });
  });
}

/** Skipped and pending tests count as failed: there are none to be. */
function readCounts() {
  try {
    const { numTotalTests, numPassedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numTotalTests - numPassedTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
