// Where only the product is: in its image, say. `npm run reseal` finds the embedded start's settings as well.
import { processTerminal } from './ops/doctor/run.js';
import { runReseal } from './ops/key-rotation/run.js';

process.exitCode = await runReseal(process.env, processTerminal(process.env));
