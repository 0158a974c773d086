/**
 * With this argument a program loads, and starts when its parent process sends it a message: `npm start` has both programs load
 * while the servers start.
 */
export const startOnMessage = '--start-on-message';

/**
 * Waits for the parent's message where the argument asks for it, and closes the channel to the parent.
 * @param stopped resolves when the program is to end instead
 * @returns whether to start; not when the parent is gone
 */
export async function mayStart(stopped: Promise<unknown>): Promise<boolean> {
  if (!process.argv.includes(startOnMessage)) return true;
  if (!process.connected) throw new Error(`${startOnMessage} needs a parent process with a channel to this one.`);
  return new Promise((resolve) => {
    process.once('disconnect', () => resolve(false));
    process.once('message', () => {
      resolve(true);
      // Not here: a message that came before this listener is still being handed out, and Node 20 fails without its channel.
      setImmediate(() => {
        if (process.connected) process.disconnect();
      });
    });
    void stopped.then(() => {
      if (process.connected) process.disconnect();
    });
  });
}
