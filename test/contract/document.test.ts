import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/http/error-codes.js';
import { eventTypes } from '../../src/events/types.js';
import { ticketEvents } from '../../src/integrations/webhook/payload-schema.js';
import { documentedCodes, documentFaults, operationsIn } from '../support/openapi.js';
import { openProduct, type Product } from '../support/product.js';
import { unlessPassedBefore } from './passed-before.js';

type Json = Record<string, unknown>;

let product: Product;
let document: Json;
beforeAll(async () => {
  product = openProduct();
  const { url } = await product.startApi();
  document = (await (await fetch(`${url}/openapi.json`)).json()) as Json;
});
afterAll(() => product.close());

/** A copy of the document with one change. */
function changed(change: (copy: Json) => void): Json {
  const copy = structuredClone(document);
  change(copy);
  return copy;
}
const operation = (of: Json, path: string, method: string) =>
  (of.paths as Record<string, Record<string, Json>>)[path]?.[method] ?? {};

describe('the OpenAPI document', () => {
  it('gives every operation, answer, schema and field what readers and generators need', () => {
    expect(documentFaults(document, [])).toEqual([]);
    expect(operationsIn(document, 'paths').length).toBeGreaterThan(60);
  });

  it.each<[string, (copy: Json) => void, RegExp]>([
    [
      'an operation without an id',
      (copy) => delete operation(copy, '/healthz', 'get').operationId,
      /undefined is not a verb/,
    ],
    ['an operation without a 4xx', (copy) => (operation(copy, '/healthz', 'get').responses = {}), /no 4xx/],
    [
      'a field without a description',
      (copy) => (component(copy, 'Org').properties.id = { type: 'string' }),
      /Org\.id: no desc/,
    ],
    [
      'an object without a name',
      (copy) => (component(copy, 'Org').properties.id = { description: 'x', properties: {} }),
      /no component/,
    ],
  ])('would be found wanting with %s', (_what, change, fault) => {
    expect(documentFaults(changed(change), []).join('\n')).toMatch(fault);
  });

  it('lists every error code that an operation can answer with', () => {
    const documented = new Set(
      operationsIn(document, 'paths').flatMap(({ operation: of }) => documentedCodes(document, of)),
    );
    // Not of an operation: no request, and no path with this method.
    const elsewhere = ['bad_request', 'method_not_allowed'];
    expect([...documented, ...elsewhere].sort()).toEqual(Object.keys(errorCodes).sort());
  });

  it('has each payload that is sent to others', () => {
    const names = operationsIn(document, 'webhooks').map(({ path }) => path);
    expect(names).toEqual(expect.arrayContaining([...eventTypes, ...ticketEvents]));
    expect(names.filter((name) => name.startsWith('notification.'))).toHaveLength(6);
  });

  it('names the ticket of an evidence request and of an escalation', () => {
    for (const name of ['EvidenceRequest', 'Escalation']) {
      expect(component(document, name).properties.ticket).toMatchObject({
        anyOf: [{ $ref: '#/components/schemas/TicketLink' }, { type: 'null' }],
      });
    }
  });

  // The linters and what they load cost ten seconds of CPU.
  it('passes Redocly and Spectral without a warning', { timeout: 120_000 }, () =>
    unlessPassedBefore('openapi-lint', JSON.stringify(document), async () => {
      const { redoclyFindings, spectralFindings } = await import('./lint.js');
      expect(await redoclyFindings(document)).toEqual([]);
      expect(await spectralFindings(document)).toEqual([]);
      const wrong = changed((copy) => {
        const { content } = operation(copy, '/api/v1/orgs', 'post').requestBody as { content: Record<string, Json> };
        Object.assign(content['application/json'] ?? {}, { example: { id: 'acme', name: 7 } });
      });
      expect((await redoclyFindings(wrong)).join()).toMatch(/no-invalid-media-type-examples/);
    }),
  );
});

function component(of: Json, name: string): { properties: Record<string, unknown> } {
  const { schemas } = of.components as { schemas: Record<string, { properties: Record<string, unknown> }> };
  return schemas[name] ?? { properties: {} };
}
