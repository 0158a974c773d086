import { propertySuite } from '../support/property-suite.js';
import { input, startWebhooksApp } from './webhook-endpoints-harness.js';

propertySuite('webhook endpoints', async () => {
  const app = await startWebhooksApp();
  const org = await app.newOrg();
  const endpoint = await app.admin.post(`/orgs/${org}/webhooks`, input());
  const key = await app.keyOf(org, ['read']);
  return {
    app,
    routes: app.routes,
    org,
    ids: { webhooks: endpoint.body.id as string, 'api-keys': key.keyId },
    bodies: {
      'post /orgs/{org}/webhooks': input(),
      'post /orgs/{org}/api-keys': { name: 'A', permissions: ['read'] },
    },
  };
});
