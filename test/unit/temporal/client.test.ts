import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TemporalClient } from '../../../src/temporal/client.js';

let server: Server;
const sockets = new Set<Socket>();
beforeEach(async () => {
  // Breaks every connection: the SDK tries again from its timers until the deadline.
  server = createServer((socket) => socket.destroy());
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const clientOf = () =>
  new TemporalClient({
    connection: Connection.lazy({ address: `127.0.0.1:${(server.address() as AddressInfo).port}` }),
  });

describe('a client that is closed', () => {
  it('has waited for its calls, which a closed channel would end with an error that nobody can catch', async () => {
    const client = clientOf();
    const ended: string[] = [];
    const call = client
      .withDeadline(Date.now() + 700, () => client.workflowService.getSystemInfo({}))
      .catch(() => ended.push('call'));
    // Under way, and refused at least once: it waits in a timer.
    await expect.poll(() => sockets.size).toBeGreaterThan(0);
    await client.close().then(() => ended.push('close'));
    await call;
    expect(ended).toEqual(['call', 'close']);
  });

  it('is closed at once when nothing is under way', async () => {
    const client = clientOf();
    await expect(client.close()).resolves.toBeUndefined();
  });
});
