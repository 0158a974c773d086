// npm run doctor: looks at what API and worker need, with the environment that they have; without one, at what `npm start` runs.
import { processTerminal, runDoctor } from '../src/ops/doctor/run.js';
import { projectRoot } from './paths.js';
import { findSurroundings } from './supervisor/running.js';

const terminal = processTerminal(process.env);
const { env, note } = findSurroundings(process.env, projectRoot());
terminal.note(note);
process.exitCode = await runDoctor(process.argv.slice(2), env, terminal);
// A server that does not answer may still be waited for by a driver.
setTimeout(() => process.exit(), 1_000).unref();
