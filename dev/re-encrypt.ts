// npm run re-encrypt: encrypts with ENCRYPTION_KEY everything that a key of ENCRYPTION_KEYS_OLD encrypted, so that the old keys can be removed.
import { processTerminal } from '../src/ops/doctor/run.js';
import { runReEncrypt } from '../src/ops/key-rotation/run.js';
import { projectRoot } from './paths.js';
import { findSurroundings, NotRunningError } from './supervisor/running.js';

const terminal = processTerminal(process.env);
try {
  const { env, note } = findSurroundings(process.env, projectRoot());
  terminal.note(note);
  process.exitCode = await runReEncrypt(env, terminal);
} catch (error) {
  if (!(error instanceof NotRunningError)) throw error;
  terminal.note(`${error.fact} ${error.advice}`);
  process.exitCode = 1;
}
