import { request, type Agent, type RequestListener, type ServerResponse, Agent as HttpAgent } from 'node:http';
import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { defaultTimings } from '../../../src/config/timings.js';
import { listen } from '../../../src/http/server.js';

const { requestsMs, idleConnectionsMs: idleForMs } = defaultTimings.shutdown;
const serve = (handler: RequestListener, closeWithinMs = requestsMs, port = 0) =>
  listen({ callback: () => handler }, { host: '127.0.0.1', port, closeWithinMs, idleForMs });

const get = (port: number, agent: Agent) =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ port, host: '127.0.0.1', agent }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
      .on('error', reject)
      .end();
  });

/** A connection that is used for one request after the other. */
async function openKept(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setEncoding('utf8');
  return {
    ended: once(socket, 'close'),
    async ask(): Promise<string> {
      socket.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
      const answer: unknown[] = await Promise.race([
        once(socket, 'data'),
        once(socket, 'close').then(() => ['closed']),
      ]);
      return String(answer[0]);
    },
  };
}

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

  it('answers what is on its way over a connection that was idle when it stopped, and lets that go', async () => {
    const server = await serve((_, answer) => void answer.end('ok'));
    const kept = await openKept(server.port);
    await kept.ask();
    // As a balancer that keeps its connections: it has sent, and the server has not read it yet.
    const asked = kept.ask();
    const closed = server.close();
    expect(await asked).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*Connection: close\r\n/);
    await kept.ended;
    await closed;
  });

  it('says with the answers of running requests that their connections end', async () => {
    const running = new EventEmitter();
    const server = await serve((_, answer) => running.emit('request', answer));
    const kept = await openKept(server.port);
    const [asked, [answer]] = [kept.ask(), (await once(running, 'request')) as [ServerResponse]];
    const closed = server.close();
    answer.end('ok');
    expect(await asked).toContain('Connection: close\r\n');
    await Promise.all([kept.ended, closed]);
  });

  it('ends within two seconds when connections stay idle', async () => {
    const server = await serve((_, answer) => void answer.end('ok'));
    const kept = await openKept(server.port);
    expect(await kept.ask()).toContain('Connection: keep-alive\r\n');
    const startedAt = Date.now();
    await server.close();
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    await kept.ended;
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
    await expect(serve(() => undefined, requestsMs, server.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await server.close();
  });
});
