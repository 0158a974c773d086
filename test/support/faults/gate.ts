import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type GateState = 'open' | 'hangs' | 503;

/** Stands before a service over real HTTP: lets what comes through, never answers it, or answers 503. */
export interface Gate {
  /** The service's, through the gate. */
  readonly url: string;
  /** How many requests it has turned away. */
  readonly turnedAway: number;
  /** What hangs is cut. */
  set(state: GateState): void;
  close(): Promise<void>;
}

export async function openGate(serviceUrl: string, first: GateState): Promise<Gate> {
  let state = first;
  let turnedAway = 0;
  const hanging = new Set<ServerResponse>();
  const { origin, pathname, search } = new URL(serviceUrl);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (state !== 'open') {
      turnedAway += 1;
      if (state === 'hangs') hanging.add(response);
      else response.writeHead(state).end();
      return;
    }
    const { method = '', url = '', headers } = request;
    const answer = await fetch(origin + url, {
      method,
      headers: { 'content-type': headers['content-type'] ?? '' },
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.status).end(await answer.text());
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}${search}`,
    get turnedAway() {
      return turnedAway;
    },
    set(next) {
      state = next;
      for (const response of hanging) response.destroy();
      hanging.clear();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
