import { describe, expect, it } from 'vitest';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { documentFaults } from '../support/openapi.js';
import { propertySuite } from '../support/property-suite.js';
import { publicUrl, startDeliveriesApp } from './webhook-deliveries-harness.js';

propertySuite('webhook deliveries', async () => {
  const app = await startDeliveriesApp();
  const { org, make, insert } = await app.newSetup();
  const endpoint = await make({ enabled: false });
  const delivery = await insert(endpoint.id, { status: 'failed' });
  const key = await app.keyOf(org, ['read']);
  return {
    app,
    routes: app.routes,
    org,
    ids: { webhooks: endpoint.id, deliveries: delivery._id, 'api-keys': key.keyId },
    bodies: {
      'post /orgs/{org}/webhooks': { url: 'https://receiver.example/', events: ['event.created'] },
      'post /orgs/{org}/webhooks/{id}/recover': { since: new Date().toISOString() },
      'post /orgs/{org}/api-keys': { name: 'A', permissions: ['read'] },
    },
  };
});

describe('the document', () => {
  it('describes the calls about deliveries', async () => {
    const app = await startDeliveriesApp();
    try {
      const document = createOpenApiDocument(app.routes, { publicUrl });
      expect(documentFaults(document as unknown as Record<string, unknown>, app.routes)).toEqual([]);
    } finally {
      await app.close();
    }
  });
});
