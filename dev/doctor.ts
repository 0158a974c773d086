// npm run doctor: looks at what API and worker need, with the environment that they have; without one, at what `npm start` runs.
import { bad } from '../src/ops/doctor/finding.js';
import { processTerminal, runDoctor } from '../src/ops/doctor/run.js';
import { examine } from '../src/ops/doctor/examine.js';
import { projectRoot } from './paths.js';
import { findSurroundings, NotRunningError } from './supervisor/running.js';

const terminal = processTerminal(process.env);

process.exitCode = await runDoctor(process.argv.slice(2), process.env, terminal, async (own) => {
  try {
    const { env, note } = findSurroundings(own, projectRoot());
    terminal.note(note);
    return await examine(env);
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error;
    return [bad('configuration.not_running', error.fact, error.advice)];
  }
});
// A server that does not answer may still be waited for by a driver.
setTimeout(() => process.exit(), 1_000).unref();
