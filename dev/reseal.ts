// npm run reseal: seals with ENCRYPTION_KEY what ENCRYPTION_KEYS_OLD have sealed, so that they can go.
import { processTerminal } from '../src/ops/doctor/run.js';
import { runReseal } from '../src/ops/key-rotation/run.js';
import { projectRoot } from './paths.js';
import { findSurroundings, NotRunningError } from './supervisor/running.js';

const terminal = processTerminal(process.env);
try {
  const { env, note } = findSurroundings(process.env, projectRoot());
  terminal.note(note);
  process.exitCode = await runReseal(env, terminal);
} catch (error) {
  if (!(error instanceof NotRunningError)) throw error;
  terminal.note(`${error.fact} ${error.advice}`);
  process.exitCode = 1;
}
