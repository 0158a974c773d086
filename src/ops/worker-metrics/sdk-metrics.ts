import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const answerWithinMs = 2_000;

/** A port of this machine that nobody listens on now. The SDK's exporter takes an address, and does not say which port it got. */
export async function freeLoopbackAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** What the SDK's exporter gives, in Prometheus' text; empty when it does not answer: ours are worth having without. */
export async function readSdkMetrics(address: string): Promise<string> {
  try {
    const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(answerWithinMs) });
    return answer.ok ? await answer.text() : '';
  } catch {
    return '';
  }
}
