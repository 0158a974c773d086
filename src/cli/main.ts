#!/usr/bin/env node
// The kt command, which bin/kt.mjs starts.
import { run } from './run.js';

const { argv, env, stdout, stderr } = process;

// In `kt webhook list | head`, the reader closes the pipe early.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort());
  return controller.signal;
}

process.exitCode = await run(argv.slice(2), {
  env,
  // Node opens stdin when it is first read.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  stopSignal,
});
