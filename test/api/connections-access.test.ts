import { propertySuite } from '../support/property-suite.js';
import { startConnectionsApp, webhook } from './connections-harness.js';

propertySuite('connections', async () => {
  const app = await startConnectionsApp();
  const org = await app.newOrg();
  const made = await app.admin.post(`/orgs/${org}/connections`, webhook());
  const key = await app.keyOf(org, ['read']);
  return {
    app,
    routes: app.routes,
    org,
    ids: { connections: made.body.id as string, 'api-keys': key.keyId },
    bodies: {
      'post /orgs/{org}/connections': webhook(),
      'post /orgs/{org}/api-keys': { name: 'A', permissions: ['read'] },
    },
  };
});
