import { freePort } from '../../../dev/stack/ports.js';
import type { Stack } from '../../stack.js';
import { createPublisher, type Publisher } from '../publisher.js';
import type { Receiver } from '../receiver/receiver.js';

/** Starts the naive sender, in a process and on a database of its own. @param mongoUri of any database on the same server */
export async function startNaive(stack: Stack, mongoUri: string, receiver: Receiver): Promise<Publisher> {
  const port = await freePort();
  const database = new URL(mongoUri);
  database.pathname = '/naive';
  const env = { PORT: String(port), MONGODB_URI: database.href, RECEIVER_URL: `${receiver.url}/taken` };
  const sender = await stack.start('bench/webhooks/naive/server.js', env, 'is listening');
  return createPublisher({
    url: `http://127.0.0.1:${port}`,
    addresses: [{ path: '/', headers: {}, deliveries: 1 }],
    pids: { mongo: stack.serverPids.mongo, naive: sender.pid },
    close: async () => {
      await sender.stop();
    },
  });
}
