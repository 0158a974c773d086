import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** One address before several APIs, with the habits of nginx: it keeps connections alive on both sides. */
export interface Balancer {
  readonly url: string;
  /** The ports that get calls. */
  inService(): readonly number[];
  close(): Promise<void>;
}

/** How often it asks each for /healthz, on a connection of its own. */
const probeEveryMs = 200;
const probeWithinMs = 2_000;
/** Probes in a row: one that is slow is not down. */
const outAfter = 3;

/** Of hops, not of calls. */
const hopHeaders = ['connection', 'keep-alive', 'transfer-encoding'];

interface Upstream {
  port: number;
  isIn: boolean;
  agent: Agent;
}

/** What became of a call; `refused` when not one byte of it was sent. */
type Passed = { answer: IncomingMessage } | { refused: boolean; reason: string };

/**
 * Takes the APIs in turn. One that refuses a connection, or whose /healthz fails three times, gets nothing until that is 200 again. A call that was refused
 * before a byte of it was sent goes to the next. Once sent, a write is never repeated, for it may have been done: the caller gets 502, as by nginx.
 */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const upstreams = ports.map((port) => ({
    port,
    isIn: true,
    agent: new Agent({ keepAlive: true, scheduling: 'lifo', maxFreeSockets: 32 }),
  }));
  let next = 0;

  async function serve(call: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(call);
    next += 1;
    const candidates = upstreams
      .map((_, index) => upstreams[(next + index) % upstreams.length])
      .filter((one) => one?.isIn);
    const reasons: string[] = [];
    for (const upstream of candidates) {
      if (!upstream) continue;
      const passed = await pass(upstream, call, body);
      if ('answer' in passed) {
        response.writeHead(passed.answer.statusCode ?? 502, endToEnd(passed.answer.headers));
        response.end(await buffer(passed.answer));
        return;
      }
      reasons.push(`${upstream.port}: ${passed.reason}`);
      if (passed.refused) upstream.isIn = false;
      else if (call.method !== 'GET') break;
    }
    response.writeHead(502, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 'balancer', reasons }));
  }

  const server = createServer({ keepAliveTimeout: 65_000 }, (call, response) => {
    serve(call, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stopped = new AbortController();
  const probing = upstreams.map((upstream) => keepProbing(upstream, stopped.signal));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    inService: () => upstreams.filter(({ isIn }) => isIn).map(({ port }) => port),
    async close() {
      stopped.abort();
      await Promise.all(probing);
      for (const { agent } of upstreams) agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function pass({ port, agent }: Upstream, call: IncomingMessage, body: Buffer): Promise<Passed> {
  return new Promise((resolve) => {
    const sent = request({
      ...{ host: '127.0.0.1', port, agent, method: call.method, path: call.url },
      headers: { ...endToEnd(call.headers), 'content-length': body.length },
    });
    sent.on('response', (answer) => resolve({ answer }));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const reason = `${error.code} on a ${sent.reusedSocket ? 'kept' : 'new'} connection`;
      resolve({ refused: error.code === 'ECONNREFUSED', reason });
    });
    sent.end(body);
  });
}

const endToEnd = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.includes(name)));

async function keepProbing(upstream: Upstream, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    failures = (await isHealthy(upstream.port)) ? 0 : failures + 1;
    if (failures === 0) upstream.isIn = true;
    else if (failures >= outAfter) upstream.isIn = false;
    await delay(probeEveryMs);
  }
}

function isHealthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/healthz', agent: false, timeout: probeWithinMs });
    asked.on('response', (answer) => resolve(answer.resume().statusCode === 200));
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
