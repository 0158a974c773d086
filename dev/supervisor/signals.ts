// SIGHUP: the terminal was closed, and nobody is left to stop what runs.
const names = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Aborts at the first signal that asks to stop. Further ones change nothing: npm passes on the Ctrl-C that the terminal
 * has already sent, so that each comes twice. An error that nobody caught stops all as well, and makes the exit code 1.
 * @param onStop called once, with the signal's name
 */
export function stopSignal(onStop: (name: string) => void): AbortSignal {
  const stopping = new AbortController();
  const stop = (name: string) => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    onStop(name);
  };
  for (const name of names) process.on(name, () => stop(name));
  process.on('uncaughtException', (error) => {
    console.error(error);
    process.on('exit', () => (process.exitCode = 1));
    stop('An error');
  });
  // A terminal that is gone, or a pipe without a reader, must not keep what runs from being stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return stopping.signal;
}
