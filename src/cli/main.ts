#!/usr/bin/env node
// kt, the command line: bin/kt.mjs starts it.
import { run } from './run.js';

// `kt webhook list | head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), process.env);
