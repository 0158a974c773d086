// npm run faults -- --rounds 10 [--seed 7]: the fault tests, with as many rounds of random kills. CI does one.
// Like npm test it takes MONGODB_URI and TEMPORAL_ADDRESS (test/global-setup.ts); what is killed is always a server of the test's own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.join(import.meta.dirname, '..');
const usage = 'npm run faults -- [--rounds 10] [--seed 7] [--all]   (--all: the tests at named points as well)';

/** @returns {{ rounds: string, seed: string | undefined, all: boolean }} */
function readArguments() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '10' },
      seed: { type: 'string' },
      all: { type: 'boolean', default: false },
    },
  });
  if (!/^[1-9]\d{0,3}$/.test(values.rounds))
    throw new Error(`--rounds is ${values.rounds}, and has to be a number from 1.`);
  if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed))
    throw new Error(`--seed is ${values.seed}, and has to be a number.`);
  return { rounds: values.rounds, seed: values.seed, all: values.all };
}

try {
  const { rounds, seed, all } = readArguments();
  const env = { ...process.env, FAULT_ROUNDS: rounds, ...(seed === undefined ? {} : { FAULT_SEED: seed }) };
  const campaigns = ['campaign', 'deliveries-killed', 'many-links', 'rolling-restart'].map(
    (name) => `test/faults/${name}.test.ts`,
  );
  // One after the other: each wants the machine for itself.
  const tests = ['--no-file-parallelism', ...(all ? ['test/faults'] : campaigns)];
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...tests], { cwd: root, env, stdio: 'inherit' });
  // The terminal's Ctrl-C reaches vitest as well, and its end is waited for.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('close', (code) => process.exit(code ?? 1));
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exit(2);
}
