import { startTestApp } from '../support/app.js';
import { escalationParts } from '../support/escalations.js';
import { propertySuite } from '../support/property-suite.js';

propertySuite('escalations', async () => {
  const app = await startTestApp({ routes: ({ models }) => escalationParts(models).routes });
  const org = await app.newOrg();
  const escalation = await app.admin.post(`/orgs/${org}/escalations`, { title: 'A', severity: 'low' });
  const key = await app.keyOf(org, ['read']);
  return {
    app,
    routes: app.routes,
    org,
    ids: { escalations: escalation.body.id as string, 'api-keys': key.keyId },
    bodies: {
      'post /orgs/{org}/escalations': { title: 'A', severity: 'low' },
      'post /orgs/{org}/escalations/{id}/notes': { body: 'A' },
      'post /orgs/{org}/escalations/{id}/resolve': { resolution: 'approved' },
      'post /orgs/{org}/api-keys': { name: 'A', permissions: ['read'] },
    },
  };
});
