// The doctor where only the product is: in its image, say. `npm run doctor` finds the embedded start's settings as well.
import { processTerminal, runDoctor } from './ops/doctor/run.js';

process.exitCode = await runDoctor(process.argv.slice(2), process.env, processTerminal(process.env));
// A server that does not answer may still be waited for by a driver.
setTimeout(() => process.exit(), 1_000).unref();
