import type { IncomingMessage } from 'node:http';

/** What arrived. */
export interface Message {
  at: Date;
  /** Each once, as Node has them. */
  header: (name: string) => string | undefined;
  headers: Readonly<Record<string, string>>;
  rawBody: Buffer;
}

export class TooLarge extends Error {}

/** An event's data is 256 KiB at most; whatever else comes is not to fill the memory. */
const mostBytes = 4 * 1024 * 1024;

/** Reads a request whole. @throws TooLarge; or the stream's error when the sender went away */
export async function readMessage(request: IncomingMessage, at: Date): Promise<Message> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new TooLarge(`The body has more than ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { at, headers, header: (name) => headers[name.toLowerCase()], rawBody: Buffer.concat(chunks) };
}
