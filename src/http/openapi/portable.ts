import type { oas31 } from 'zod-openapi';

type Node = Record<string, unknown>;

/**
 * Rewrites a document's schemas so that stock generators and validators read them as they are meant:
 * - A `default` in a component makes TypeScript generators require the field. It moves into the description.
 * - A pattern with `\p{…}` or a look-around is refused by Python, Go and many validators, and the pattern of a `date-time`
 *   repeats its format. Both are removed; descriptions say what they said.
 * - The objects of answers and outgoing webhooks are open: version 1 grows by addition, so a client must not refuse a field
 *   that it doesn't know.
 */
export function makePortable(document: oas31.OpenAPIObject): oas31.OpenAPIObject {
  const components = (document.components?.schemas ?? {}) as Record<string, Node>;
  const operations = operationsOf(document.paths);
  const sent = [
    ...operations.flatMap(({ requestBody, parameters }) => schemasIn([requestBody, parameters])),
    ...schemasIn(document.components?.parameters),
  ];
  const received = [
    ...operations.flatMap(({ responses }) => schemasIn(responses)),
    ...schemasIn(document.components?.responses),
    ...operationsOf(document.webhooks).flatMap(({ requestBody }) => schemasIn(requestBody)),
  ];
  for (const schema of Object.values(components)) for (const node of nodesOf(schema)) describeDefault(node);
  for (const schema of [...Object.values(components), ...sent, ...received]) {
    for (const node of nodesOf(schema)) dropUnportablePattern(node);
  }
  const requested = new Set(reachable(sent, components));
  for (const schema of reachable(received, components)) {
    if (!requested.has(schema)) for (const node of nodesOf(schema)) openObject(node);
  }
  return document;
}

function describeDefault(node: Node): void {
  if (!('default' in node)) return;
  const text = `Default: \`${JSON.stringify(node.default)}\`.`;
  node.description = typeof node.description === 'string' ? `${node.description} ${text}` : text;
  delete node.default;
}

function dropUnportablePattern(node: Node): void {
  if (typeof node.pattern !== 'string') return;
  if (node.format === 'date-time' || /\\[pP]\{|\(\?[=!<]/.test(node.pattern)) delete node.pattern;
}

function openObject(node: Node): void {
  if (node.additionalProperties === false) delete node.additionalProperties;
}

const operationsOf = (items: object = {}): oas31.OperationObject[] =>
  Object.values(items).flatMap((item) => Object.values(item as Record<string, oas31.OperationObject>));

/** The schemas of media types, parameters and headers within a part of a document. */
function schemasIn(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'schema') return [inner as Node];
    return key === 'example' || key === 'examples' ? [] : schemasIn(inner);
  });
}

/** A schema and all schemas inside it, without those that it refers to. */
function nodesOf(schema: Node): Node[] {
  const {
    properties = {},
    items,
    additionalProperties,
    propertyNames,
    not,
    oneOf = [],
    anyOf = [],
    allOf = [],
  } = schema;
  const inner: unknown[] = [
    ...Object.values(properties as Record<string, unknown>),
    ...[oneOf, anyOf, allOf].flatMap((branches) => branches as unknown[]),
    ...[items, additionalProperties, propertyNames, not],
  ];
  const objects = inner.filter((value): value is Node => typeof value === 'object' && value !== null);
  return [schema, ...objects.flatMap(nodesOf)];
}

/** These schemas, and the components that they refer to, directly or through others. */
function reachable(schemas: readonly Node[], components: Record<string, Node>): Node[] {
  const found = new Set<Node>();
  const queue = [...schemas];
  for (let schema = queue.pop(); schema; schema = queue.pop()) {
    if (found.has(schema)) continue;
    found.add(schema);
    for (const { $ref } of nodesOf(schema)) {
      const component = typeof $ref === 'string' ? components[$ref.replace('#/components/schemas/', '')] : undefined;
      if (component) queue.push(component);
    }
  }
  return [...found];
}
