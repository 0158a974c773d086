import { gzipSync } from 'node:zlib';
import { Pool } from 'undici';

/** Somebody who looks at pages, over connections that stay. Each call throws unless it is answered as it should be. */
export interface Visitor {
  /** Takes the whole page. @returns milliseconds until its first byte was there */
  firstByteMs: (path: string) => Promise<number>;
  /** Bytes of a page and of everything it loads, as they are and packed. */
  weigh: (path: string) => Promise<Weight>;
  close: () => Promise<void>;
}

export interface Weight {
  html: number;
  htmlPacked: number;
  assets: number;
  assetsPacked: number;
}

/** @param cookie of a session; none for pages that ask for none */
export function createVisitor(url: string, cookie?: string): Visitor {
  const pool = new Pool(url, { connections: 1 });

  async function get(path: string): Promise<{ bytes: Buffer; firstByteMs: number }> {
    const from = performance.now();
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers: cookie ? { cookie } : {} });
    const firstByteMs = performance.now() - from;
    const bytes = Buffer.from(await body.arrayBuffer());
    if (statusCode !== 200)
      throw new Error(`GET ${path} was answered ${statusCode}: ${bytes.toString().slice(0, 500)}`);
    return { bytes, firstByteMs };
  }

  return {
    firstByteMs: async (path) => (await get(path)).firstByteMs,
    async weigh(path) {
      const { bytes } = await get(path);
      const paths = [...bytes.toString().matchAll(/(?:src|href)="(\/console-assets\/[^"]+)"/g)].map(
        ([, one = '']) => one,
      );
      const assets = await Promise.all(paths.map(async (one) => (await get(one)).bytes));
      const sum = (all: readonly Buffer[]) => all.reduce((total, one) => total + one.length, 0);
      return {
        ...{ html: bytes.length, htmlPacked: gzipSync(bytes).length },
        ...{ assets: sum(assets), assetsPacked: sum(assets.map((one) => gzipSync(one))) },
      };
    },
    close: () => pool.close(),
  };
}

/** Signs in as a browser's form does. @returns the session's cookie */
export async function signIn(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: new URLSearchParams({ key }),
  });
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  if (answer.status !== 303 || cookie === '') throw new Error(`Signing in was answered ${answer.status}.`);
  return cookie;
}
