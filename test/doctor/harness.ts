import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { onTestFinished } from 'vitest';
import { examine } from '../../src/ops/doctor/examine.js';
import type { Finding } from '../../src/ops/doctor/finding.js';

/** The finding of this id. @throws Error with all ids when there is none, or several */
export function findingOf(findings: readonly Finding[], id: string): Finding {
  const found = findings.filter((finding) => finding.id === id);
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new Error(`${found.length} of ${id}; there are ${findings.map((finding) => finding.id).join(', ')}`);
}

/** Examines, and gives the finding of this id. */
export const findingIn = async (env: NodeJS.ProcessEnv, id: string): Promise<Finding> =>
  findingOf(await examine(env), id);

/** The API as PUBLIC_URL reaches it, behind a clock of its own. @returns its address */
export async function apiWithClock(offsetMs: number): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() + offsetMs).toUTCString());
    response.setHeader('content-type', 'application/json');
    response.end('{"status":"ok"}');
  });
  return `http://127.0.0.1:${await listening(server)}`;
}

/** A way to a MongoDB whose clock is off: what it says of the time is changed on the way back. @param port on this machine @returns its URI */
export async function mongoWithClock(port: number, offsetMs: number): Promise<string> {
  const server = createTcpServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port });
    client.pipe(upstream);
    upstream.on('data', (chunk) => client.write(shifted(chunk, offsetMs)));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  return `mongodb://127.0.0.1:${await listening(server)}/?directConnection=true`;
}

/** BSON: the type of a date, the name, and eight bytes of milliseconds. Answers to a greeting come in one piece. */
const localTime = Buffer.from('\x09localTime\x00', 'latin1');

function shifted(chunk: Buffer, offsetMs: number): Buffer {
  const at = chunk.indexOf(localTime);
  if (at < 0) return chunk;
  const copy = Buffer.from(chunk);
  const value = at + localTime.length;
  copy.writeBigInt64LE(copy.readBigInt64LE(value) + BigInt(offsetMs), value);
  return copy;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
