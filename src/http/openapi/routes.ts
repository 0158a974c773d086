import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { notFound } from '../problem.js';
import { answer, defineRoute, textAnswer, type Route } from '../route.js';
import { createOpenApiDocument, type DocumentOptions } from './document.js';
import { docsPage, initScript } from './docs-page.js';
import { errorsPage, errorsStyle } from './errors-page.js';

/** Swagger UI's files that the page loads, and nothing else of that package. */
const assets: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const documentSchema = z
  .looseObject({
    openapi: z.string().meta({ description: 'The version of OpenAPI.' }),
  })
  .meta({ id: 'OpenApiDocument', description: 'A document of OpenAPI 3.1.' });

/**
 * `/openapi.json`, `/docs` and `/docs/errors`.
 * @param routes all routes that the document describes
 */
export function documentationRoutes(routes: readonly Route[], options: DocumentOptions): Route[] {
  const { publicUrl } = options;
  const open = { method: 'get', root: true, tag: 'Documentation', access: 'none' } as const;
  const html = 'text/html; charset=utf-8';
  // The operator's own address; what URL has parsed holds no angle brackets or double quotes.
  const base = new URL(publicUrl).pathname.replaceAll("'", '%27').replace(/\/$/, '');
  let document: string | undefined;
  const own: Route[] = [
    defineRoute({
      ...open,
      id: 'getOpenApiDocument',
      path: '/openapi.json',
      summary: 'Get this document',
      description: 'The description of this API, for generators and tools.',
      responses: { 200: answer('The document.', documentSchema, { openapi: '3.1.0' }) },
      errors: [],
      handler: () => {
        document ??= JSON.stringify(createOpenApiDocument([...routes, ...own], options));
        return Promise.resolve({ status: 200, body: document, contentType: 'application/json; charset=utf-8' });
      },
    }),
    defineRoute({
      ...open,
      id: 'showDocumentation',
      path: '/docs',
      summary: 'Show the documentation',
      description: 'This document as a page, to read it and to try its operations.',
      responses: { 200: textAnswer('The page.', 'text/html', '<!doctype html>…') },
      errors: [],
      handler: () => Promise.resolve({ status: 200, body: docsPage(base), contentType: html }),
    }),
    defineRoute({
      ...open,
      id: 'showErrorCodes',
      path: '/docs/errors',
      summary: 'Show the error codes',
      description: 'What each error code means, and what to do about it. `type` of every problem leads here.',
      responses: { 200: textAnswer('The page.', 'text/html', '<!doctype html>…') },
      errors: [],
      handler: () => Promise.resolve({ status: 200, body: errorsPage(base), contentType: html }),
    }),
    defineRoute({
      ...open,
      id: 'getDocumentationFile',
      path: '/docs/{file}',
      summary: 'Get a file of the documentation',
      description: 'A script, a style sheet or an icon of the pages.',
      params: z.object({ file: z.string().meta({ description: 'The name of the file.', examples: ['errors.css'] }) }),
      responses: { 200: textAnswer('The file.', 'text/css', errorsStyle) },
      errors: ['not_found'],
      handler: ({ params }) => Promise.resolve({ status: 200, ...asset(params.file, base) }),
    }),
  ];
  return own;
}

function asset(
  file: string,
  base: string,
): { body: string | Buffer; contentType: string; headers?: Record<string, string> } {
  if (file === 'errors.css') return { body: errorsStyle, contentType: 'text/css; charset=utf-8' };
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
