// For the container image, which has the product only. `npm run re-encrypt` finds the settings of the embedded start as well.
import { processTerminal } from './ops/doctor/run.js';
import { runReEncrypt } from './ops/key-rotation/run.js';

process.exitCode = await runReEncrypt(process.env, processTerminal(process.env));
