import Koa from 'koa';
import { describe, expect, it, vi } from 'vitest';
import { logRequests } from '../../../src/http/request-log.js';
import { identifyRequest } from '../../../src/http/request-id.js';
import { listen } from '../../../src/http/server.js';
import type { RequestState } from '../../../src/http/state.js';
import type { Logger } from '../../../src/observability/logger.js';
import { createMetrics } from '../../../src/observability/metrics.js';

describe('the request log', () => {
  it('holds no path, query, body or header of a caller', async () => {
    const info = vi.fn();
    const app = new Koa<RequestState>();
    app.use(identifyRequest(() => '127.0.0.1'));
    app.use(logRequests({ logger: { info } as unknown as Logger, metrics: createMetrics() }));
    app.use((ctx) => {
      ctx.status = 204;
    });
    const server = await listen(app, { host: '127.0.0.1', port: 0, closeWithinMs: 1_000, idleForMs: 0 });
    const headers = { Authorization: 'Bearer canary', 'X-Actor-Name': 'canary' };
    await fetch(`http://127.0.0.1:${server.port}/canary?key=canary`, { method: 'POST', body: 'canary', headers });
    await server.close();
    expect(info).toHaveBeenCalledOnce();
    expect(JSON.stringify(info.mock.calls)).not.toContain('canary');
    expect(info.mock.calls[0]?.[0]).toMatchObject({ method: 'POST', route: 'unmatched', status: 204 });
  });
});
