import { connect, type Socket } from 'node:net';

/** How long an address has before the next one is tried beside it, as RFC 8305 (Happy Eyeballs) recommends. */
const headStartMs = 250;
/** A name can have thousands. */
const maxAddresses = 6;

/**
 * Connects to the first of these addresses that answers. They are dialled as they are: no name is looked up here.
 * @param addresses literal, at least one, the preferred first
 * @param stop ends all attempts
 * @throws the system's error of the first that failed, once all have
 */
export function dial(addresses: readonly string[], port: number, stop: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const waiting = addresses.slice(0, maxAddresses);
    const trying = new Set<Socket>();
    const errors: unknown[] = [];
    let headStart: NodeJS.Timeout | undefined;

    function finish(winner?: Socket): void {
      clearTimeout(headStart);
      stop.removeEventListener('abort', give);
      for (const socket of trying) if (socket !== winner) socket.destroy();
    }
    function give(): void {
      finish();
      reject(new Error('aborted', { cause: stop.reason }));
    }
    function next(): void {
      clearTimeout(headStart);
      const host = waiting.shift();
      if (host !== undefined) attempt(host);
      else if (trying.size === 0) {
        finish();
        reject(new Error('no address answers', { cause: errors[0] }));
      }
      if (waiting.length > 0) headStart = setTimeout(next, headStartMs);
    }
    function attempt(host: string): void {
      const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
      trying.add(socket);
      socket.once('connect', () => {
        finish(socket);
        resolve(socket);
      });
      // Stays for good: a socket without a listener would take the process down with it.
      socket.on('error', (error) => {
        if (socket.readyState === 'open' || !trying.delete(socket)) return;
        errors.push(error);
        next();
      });
    }

    stop.addEventListener('abort', give, { once: true });
    if (stop.aborted) give();
    else next();
  });
}
