import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { openLocalMongo, type LocalMongo } from '../support/local-servers.js';
import { openTestDatabase } from '../support/mongo.js';

/** Stands between the app and MongoDB, and can be taken away. */
async function startTunnel(targetPort: number) {
  const sockets = new Set<Socket>();
  let open = true;
  const server: Server = createServer((inside) => {
    if (!open) return void inside.destroy();
    const outside = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [[inside, outside] as const, [outside, inside] as const]) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (state: boolean) => {
      open = state;
      if (!open) for (const socket of sockets) socket.destroy();
    },
    close: () => new Promise<unknown>((resolve) => server.close(resolve)),
  };
}

let mongo: LocalMongo;
let app: TestApp;
let tunnel: Awaited<ReturnType<typeof startTunnel>>;
beforeAll(async () => {
  mongo = await openLocalMongo();
  tunnel = await startTunnel(mongo.port);
  app = await startTestApp({
    database: () => openTestDatabase(`mongodb://127.0.0.1:${tunnel.port}/?directConnection=true`),
  });
});
afterAll(async () => {
  tunnel.set(true);
  await app.close();
  await tunnel.close();
  await mongo.close();
});

describe('without MongoDB', () => {
  it('calls are answered 503 within seconds, and served again as soon as it is back', { timeout: 30_000 }, async () => {
    const org = await app.newOrg();
    tunnel.set(false);
    const startedAt = Date.now();
    const { status, body, headers } = await app.admin.post('/orgs', { id: 'while-away', name: 'A' });
    expect([status, body.code]).toEqual([503, 'database_unavailable']);
    expect(headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(body)).not.toContain(String(tunnel.port));
    expect(Date.now() - startedAt).toBeLessThan(12_000);
    tunnel.set(true);
    await expect.poll(async () => (await app.admin.get(`/orgs/${org}`)).status, { timeout: 12_000 }).toBe(200);
  });
});
