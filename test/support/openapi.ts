import type { Route } from '../../src/http/route.js';

type Json = Record<string, unknown>;
interface Named {
  name: string;
  path: string;
  operation: Json;
  isWebhook: boolean;
}

/**
 * What is wrong with an OpenAPI document, in sentences. None when it describes all these routes, and every operation, schema
 * and field has what generators and readers need.
 */
export function documentFaults(document: Json, routes: readonly Route[]): string[] {
  const operations = [...operationsIn(document, 'paths'), ...operationsIn(document, 'webhooks')];
  const ids = operations.map(({ operation }) => operation.operationId);
  return [
    ...(document.openapi === '3.1.0' ? [] : ['it is not OpenAPI 3.1.0']),
    ...routes
      .map((route) => `${route.method} ${route.root ? '' : '/api/v1'}${route.path}`)
      .filter((name) => !operations.some((operation) => operation.name === name))
      .map((name) => `${name} is missing`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${String(id)} is used twice`),
    ...operations.flatMap((named) => operationFaults(document, named)),
    ...schemaFaults(document),
    ...refsOf(document)
      .filter((ref) => resolve(document, ref) === undefined)
      .map((ref) => `${ref} leads nowhere`),
  ];
}

/** The codes of problems that an operation documents, by their examples. */
export function documentedCodes(document: Json, operation: Json): string[] {
  return Object.values(operation.responses as Json).flatMap((response) => {
    const content = (dereferenced(document, response).content ?? {}) as Record<string, Json>;
    return Object.keys(content['application/problem+json']?.examples ?? {});
  });
}

/** All operations of `paths` or of `webhooks`. */
export function operationsIn(document: Json, section: 'paths' | 'webhooks'): Named[] {
  return Object.entries((document[section] ?? {}) as Record<string, Record<string, Json>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method} ${path}`,
      path,
      operation,
      isWebhook: section === 'webhooks',
    })),
  );
}

const verbs =
  'get list create update delete replace receive test show close unlink claim release resolve resend cancel recover rotate ingest export verify';
const operationIdForm = new RegExp(`^(${verbs.replaceAll(' ', '|')})([A-Z][A-Za-z]*)$`);

function operationFaults(document: Json, { name, path, operation, isWebhook }: Named): string[] {
  const faults: string[] = [];
  const expect = (condition: unknown, what: string) => {
    if (!condition) faults.push(`${name}: ${what}`);
  };
  expect(
    operationIdForm.test(String(operation.operationId)),
    `the id ${String(operation.operationId)} is not a verb and a noun`,
  );
  expect(
    typeof operation.summary === 'string' && !operation.summary.endsWith('.'),
    'no summary, or one that ends with a full stop',
  );
  expect(operation.description, 'no description');
  const tags = (document.tags ?? []) as { name: string; description?: string }[];
  const [tag, ...more] = (operation.tags ?? []) as string[];
  expect(
    more.length === 0 && tags.some((known) => known.name === tag && known.description),
    'not one tag with a description',
  );

  const parameters = ((operation.parameters ?? []) as Json[]).map((parameter) => dereferenced(document, parameter));
  for (const parameter of parameters) expect(parameter.description, `no description of ${String(parameter.name)}`);
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
  const declared = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
  expect(JSON.stringify([...declared].sort()) === JSON.stringify([...inPath].sort()), 'other parameters than its path');
  for (const { in: place, name: parameter, example, examples, schema } of parameters)
    if (place === 'path')
      expect(example ?? examples ?? (schema as Json).examples, `no example of ${String(parameter)}`);

  if (operation.requestBody) expect(hasExamples(operation.requestBody), 'a request body without an example');
  const responses = operation.responses as Record<string, Json>;
  for (const [status, response] of Object.entries(responses)) {
    const { content, headers = {}, description } = dereferenced(document, response);
    expect(description, `no description of ${status}`);
    if (content && status !== 'default') expect(hasExamples({ content }), `no example of ${status}`);
    if (!isWebhook) expect('X-Request-Id' in (headers as Json), `no X-Request-Id with ${status}`);
    if (status === '429') expect('Retry-After' in (headers as Json), 'no Retry-After with 429');
  }
  expect(
    Object.keys(responses).some((status) => status.startsWith('2')),
    'no success',
  );
  expect(
    Object.keys(responses).some((status) => status.startsWith('4')),
    'no 4xx',
  );
  if (!isWebhook) expect('500' in responses && 'default' in responses, 'no 500 or no default response');
  return faults;
}

const hasExamples = (body: unknown) =>
  Object.values((body as { content: Record<string, Json> }).content).every(
    ({ example, examples }) => example !== undefined || Object.keys(examples ?? {}).length > 0,
  );

/**
 * Of the components: a stock generator names an object after the place where it stands, and two names can collide. So every
 * object, and every branch of a union, is a component of its own.
 */
function schemaFaults(document: Json): string[] {
  const components = ((document.components as Json | undefined)?.schemas ?? {}) as Record<string, Json>;
  return Object.entries(components).flatMap(([name, schema]) => [
    ...(schema.description ? [] : [`${name}: no description`]),
    ...nodeFaults(name, schema, true),
  ]);
}

function nodeFaults(place: string, node: Json, isComponent = false): string[] {
  const faults: string[] = [];
  if (!isComponent && node.properties) faults.push(`${place}: an object that is no component`);
  if ('default' in node) faults.push(`${place}: a default, which generators take for a required field`);
  if (typeof node.pattern === 'string' && /\\[pP]\{|\(\?[=!<]/.test(node.pattern))
    faults.push(`${place}: a pattern that tools refuse`);
  for (const [field, property] of Object.entries((node.properties ?? {}) as Record<string, Json>)) {
    if (!property.description && !property.$ref) faults.push(`${place}.${field}: no description`);
    faults.push(...nodeFaults(`${place}.${field}`, property));
  }
  const inner = [node.oneOf, node.anyOf, node.allOf, node.items, node.additionalProperties].flat();
  for (const schema of inner)
    if (typeof schema === 'object' && schema !== null) faults.push(...nodeFaults(place, schema as Json));
  return faults;
}

const dereferenced = (document: Json, value: unknown): Json => {
  const { $ref } = value as Json;
  return (typeof $ref === 'string' ? resolve(document, $ref) : value) as Json;
};

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
