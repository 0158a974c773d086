import { gunzipSync, inflateSync, brotliDecompressSync, type ZlibOptions } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { isPlainHttp, speaksPlainHttp } from '../lib/plain-http.js';
import { aborted, ProviderError } from '../lib/provider-errors.js';
import { traceparentOf } from '../observability/tracing/trace-context.js';
import { inSpan, isTracing } from '../observability/tracing/tracing.js';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  body?: Buffer;
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Decompressed; empty when it could not be. */
  body: Buffer;
  /** Whether `body` is all of it: false when it was cut at the limit, or could not be decompressed. */
  complete: boolean;
}

/** The one place where providers reach out; any client of this shape can stand in for it. */
export interface HttpClient {
  /**
   * @returns the answer, whatever its status; redirects are answers too
   * @throws ProviderError, retryable: `network` (with the system's code, never the URL), `timeout` or `aborted`
   */
  call(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends the kept-alive connections. */
  close(): Promise<void>;
}

export interface HttpLimits {
  /** For connecting, headers and body together. */
  timeoutMs: number;
  /** After decompression; what is beyond is not read. */
  maxBodyBytes: number;
}

const defaults: HttpLimits = { timeoutMs: 15_000, maxBodyBytes: 64 * 1024 };

/** A client for addresses of the operator's (the environment): it keeps connections alive and follows no redirect. */
export function createHttpClient(limits: Partial<HttpLimits> = {}): HttpClient {
  const { timeoutMs, maxBodyBytes } = { ...defaults, ...limits };
  // One deadline covers it all. The agent gets the same for connecting alone, so that no socket goes on trying for nobody.
  const agent = new Agent({ connect: { timeout: timeoutMs }, headersTimeout: 0, bodyTimeout: 0 });
  return {
    call: (wanted) =>
      tracedCall(wanted, (request) =>
        withDeadline(timeoutMs, request.signal, async (signal) => {
          const { origin, pathname, search } = request.url;
          const answer = await agent.request({
            origin,
            path: pathname + search,
            method: request.method,
            headers: { 'accept-encoding': 'identity', ...basicAuth(request.url), ...request.headers },
            body: request.body ?? null,
            signal,
          });
          return readAnswer(answer, maxBodyBytes);
        }),
      ),
    close: () => agent.destroy(),
  };
}

/** Runs a call until it ends, the time is up or it is no longer wanted, whichever is first; undici alone does not stop while it connects. */
async function withDeadline<T>(
  timeoutMs: number,
  wanted: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (wanted.aborted) throw aborted();
  const stop = new AbortController();
  let give = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    const end = (error: ProviderError) => {
      reject(error);
      stop.abort();
    };
    give = () => end(aborted());
    const seconds = timeoutMs / 1000;
    const late = () => end(new ProviderError('timeout', `The tracker did not answer within ${seconds} s.`, true));
    timer = setTimeout(late, timeoutMs);
    wanted.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([
      run(stop.signal).catch((error: unknown) => Promise.reject(asProviderError(error))),
      ended,
    ]);
  } finally {
    clearTimeout(timer);
    wanted.removeEventListener('abort', give);
  }
}

async function readAnswer(answer: Dispatcher.ResponseData, maxBytes: number): Promise<HttpAnswer> {
  const { statusCode: status, headers } = answer;
  const { body, complete } = await readUpTo(answer.body, maxBytes);
  const decode = decoderOf(headers['content-encoding']);
  if (!decode || body.length === 0) return { status, headers, body, complete };
  // What was cut cannot be unpacked.
  const plain = complete ? unpacked(() => decode(body, { maxOutputLength: maxBytes })) : null;
  return { status, headers, body: plain ?? Buffer.alloc(0), complete: plain !== null };
}

/** Leaving the loop early destroys the stream, and its connection with it: what is beyond the limit is never read. */
async function readUpTo(body: AsyncIterable<unknown>, maxBytes: number): Promise<{ body: Buffer; complete: boolean }> {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk.subarray(0, left));
    if (chunk.length > left) return { body: Buffer.concat(chunks), complete: false };
    left -= chunk.length;
  }
  return { body: Buffer.concat(chunks), complete: true };
}

type Decode = (body: Buffer, options: ZlibOptions) => Buffer;

const decoders = new Map<string, Decode>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

/** We ask for no encoding, and some send one all the same. */
function decoderOf(header: string | string[] | undefined): Decode | undefined {
  return decoders.get([header ?? ''].flat().join(',').trim().toLowerCase());
}

/** Null for what is broken, or larger than the limit. */
function unpacked(unpack: () => Buffer): Buffer | null {
  try {
    return unpack();
  } catch {
    return null;
  }
}

/** `https://user:password@host/` means Basic, as in curl. */
function basicAuth({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

function asProviderError(error: unknown): ProviderError {
  const code = codeOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return new ProviderError('timeout', 'The tracker could not be reached in time.', true);
  if (isPlainHttp(code)) return new ProviderError('network', `The tracker ${speaksPlainHttp} (${code}).`, true);
  // The code alone: a message can hold addresses, and what a server sent.
  return new ProviderError('network', `The connection to the tracker failed (${code}).`, true);
}

/** undici wraps the system's error; the one inside says more. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const inner = 'cause' in error && error.cause !== undefined ? codeOf(error.cause) : 'unknown';
  if (inner !== 'unknown') return inner;
  return 'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,64}$/.test(error.code)
    ? error.code
    : 'unknown';
}

/** A call to a tracker as a span, with its context in a `traceparent`. The address stays out of it. */
export function tracedCall(
  request: HttpRequest,
  call: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  if (!isTracing()) return call(request);
  const attributes = { 'http.request.method': request.method };
  return inSpan(`HTTP ${request.method}`, { kind: 'client', attributes }, async (span) => {
    const headers = { ...request.headers, traceparent: traceparentOf(span.context) };
    const answer = await call({ ...request, headers });
    span.set({ 'http.response.status_code': answer.status });
    return answer;
  });
}
