import type { Route } from '../../src/http/route.js';

type Json = Record<string, unknown>;

/** What is wrong with an OpenAPI document, in sentences; none when it is whole and describes all these routes. */
export function documentFaults(document: Json, routes: readonly Route[]): string[] {
  const paths = document.paths as Record<string, Record<string, Json>>;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  return [
    ...(document.openapi === '3.1.0' ? [] : ['it is not OpenAPI 3.1.0']),
    ...routes
      .map((route) => `${route.method} ${route.root ? '' : '/api/v1'}${route.path}`)
      .filter((name) => !operations.some((operation) => operation.name === name))
      .map((name) => `${name} is missing`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${String(id)} is used twice`),
    ...operations.flatMap(({ name, path, operation }) => operationFaults(name, path, operation)),
    ...refsOf(document)
      .filter((ref) => resolve(document, ref) === undefined)
      .map((ref) => `${ref} leads nowhere`),
  ];
}

function operationFaults(name: string, path: string, operation: Json): string[] {
  const declared = ((operation.parameters ?? []) as { in: string; name: string; required?: boolean }[])
    .filter((parameter) => parameter.in === 'path' && parameter.required)
    .map((parameter) => parameter.name);
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
  const faults: string[] = [];
  if (JSON.stringify([...declared].sort()) !== JSON.stringify([...inPath].sort())) faults.push(`${name}: parameters`);
  for (const key of ['operationId', 'summary', 'tags', 'responses'])
    if (!operation[key]) faults.push(`${name}: no ${key}`);
  if (!(operation.responses as Json).default) faults.push(`${name}: no default response`);
  return faults;
}

function refsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsOf(inner)));
}

function resolve(document: Json, ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>(
      (at, name) => (at as Json | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')],
      document,
    );
}
