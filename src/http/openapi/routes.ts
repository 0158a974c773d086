import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { notFound } from '../problem.js';
import { defineRoute, type Route } from '../route.js';
import { createOpenApiDocument } from './document.js';
import { docsPage, initScript } from './docs-page.js';

/** Swagger UI's files that the page loads, and nothing else of that package. */
const assets: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/**
 * `/openapi.json` and `/docs`.
 * @param routes all routes that the document describes
 */
export function documentationRoutes(routes: readonly Route[], { publicUrl }: { publicUrl: string }): Route[] {
  const open = { method: 'get', root: true, tag: 'Documentation', access: 'none' } as const;
  const html = 'text/html; charset=utf-8';
  // The operator's own address; what URL has parsed holds no angle brackets or double quotes.
  const base = new URL(publicUrl).pathname.replaceAll("'", '%27').replace(/\/$/, '');
  let document: string | undefined;
  return [
    defineRoute({
      ...open,
      path: '/openapi.json',
      summary: 'This document',
      responses: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({}) } },
      handler: () => {
        document ??= JSON.stringify(createOpenApiDocument(routes, { publicUrl }));
        return Promise.resolve({ status: 200, body: document, contentType: 'application/json; charset=utf-8' });
      },
    }),
    defineRoute({
      ...open,
      path: '/docs',
      summary: 'This document, to read and try',
      responses: { 200: { description: 'A page.' } },
      handler: () => Promise.resolve({ status: 200, body: docsPage(base), contentType: html }),
    }),
    defineRoute({
      ...open,
      path: '/docs/{file}',
      summary: 'The files of that page',
      params: z.object({ file: z.string() }),
      responses: { 200: { description: 'A file.' } },
      handler: ({ params }) => Promise.resolve({ status: 200, ...asset(params.file, base) }),
    }),
  ];
}

function asset(
  file: string,
  base: string,
): { body: string | Buffer; contentType: string; headers?: Record<string, string> } {
  if (file === 'init.js') return { body: initScript(base), contentType: 'text/javascript; charset=utf-8' };
  const contentType = Object.hasOwn(assets, file) ? assets[file] : undefined;
  if (contentType === undefined) throw notFound('file');
  return { body: read(file), contentType, headers: { 'Cache-Control': 'public, max-age=3600' } };
}

const kept = new Map<string, Buffer>();

/** Read when first asked for, then kept: a few files, 1.5 MB in all. */
function read(file: string): Buffer {
  const known = kept.get(file);
  if (known) return known;
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const bytes = readFileSync(path.join(folder, file));
  kept.set(file, bytes);
  return bytes;
}
