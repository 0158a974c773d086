import { request, type Agent, type RequestListener, Agent as HttpAgent } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listen } from '../../../src/http/server.js';

const serve = (handler: RequestListener, closeWithinMs?: number) =>
  listen(
    { callback: () => handler },
    { host: '127.0.0.1', port: 0, ...(closeWithinMs !== undefined && { closeWithinMs }) },
  );

const get = (port: number, agent: Agent) =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ port, host: '127.0.0.1', agent }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
      .on('error', reject)
      .end();
  });

describe('the server', () => {
  it('waits for a running request, and not for connections that are kept alive', async () => {
    const agent = new HttpAgent({ keepAlive: true });
    const server = await serve((_, answer) => void setTimeout(() => answer.end('ok'), 300));
    await get(server.port, agent);
    const running = get(server.port, agent);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const startedAt = Date.now();
    await server.close();
    expect(await running).toBe(200);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    agent.destroy();
    await expect(get(server.port, new HttpAgent())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('cuts off what outlasts its bound', async () => {
    const agent = new HttpAgent();
    const server = await serve(() => undefined, 200);
    const hanging = get(server.port, agent).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close();
    expect(await hanging).toMatchObject({ code: 'ECONNRESET' });
  });

  it('says when its port is taken', async () => {
    const server = await serve((_, answer) => void answer.end());
    await expect(
      listen({ callback: () => () => undefined }, { host: '127.0.0.1', port: server.port }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await server.close();
  });
});
