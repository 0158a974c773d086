import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { notFound } from '../../http/problem.js';
import type { HttpContext } from '../../http/state.js';

/** Returns an asset's URL. It contains a hash of the file, so that browsers can cache it forever. */
export type AssetUrl = (name: string) => string;

interface Asset {
  url: string;
  type: string;
  bytes: Buffer;
  gzip: Buffer;
}

const ownFile = (name: string) => path.join(import.meta.dirname, name);
const htmx = () =>
  path.join(path.dirname(createRequire(import.meta.url).resolve('htmx.org/package.json')), 'dist/htmx.min.js');

const files: Record<string, { file: () => string; type: string }> = {
  'app.css': { file: () => ownFile('app.css'), type: 'text/css; charset=utf-8' },
  'app.js': { file: () => ownFile('app.js'), type: 'text/javascript; charset=utf-8' },
  'htmx.min.js': { file: htmx, type: 'text/javascript; charset=utf-8' },
  'icon.svg': { file: () => ownFile('icon.svg'), type: 'image/svg+xml' },
};

const base = '/console-assets';

/** The console's style sheet, scripts and icon, read once: about 70 KB, compressed 25 KB. */
export function createAssets() {
  const assets = new Map(Object.entries(files).map(([name, { file, type }]) => [name, load(name, file(), type)]));
  const byUrl = new Map([...assets.values()].map((asset) => [asset.url, asset]));

  return {
    url: (name: string): string => {
      const asset = assets.get(name);
      if (!asset) throw new Error(`The asset ${name} does not exist.`);
      return asset.url;
    },
    isAsset: (requested: string) => requested.startsWith(`${base}/`),
    /** @throws Problem 404 */
    serve(ctx: HttpContext): void {
      const asset = byUrl.get(ctx.path);
      if (!asset) throw notFound('file');
      const acceptsGzip = /\bgzip\b/.test(ctx.get('Accept-Encoding'));
      ctx.status = 200;
      ctx.type = asset.type;
      ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
      ctx.set('Vary', 'Accept-Encoding');
      if (acceptsGzip) ctx.set('Content-Encoding', 'gzip');
      ctx.body = acceptsGzip ? asset.gzip : asset.bytes;
    },
  };
}

function load(name: string, file: string, type: string): Asset {
  const bytes = readFileSync(file);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return { url: `${base}/${hash}/${name}`, type, bytes, gzip: gzipSync(bytes, { level: 9 }) };
}
