import { createEvidenceRequestService } from '../../src/evidence-requests/service.js';
import { evidenceRequestRoutes } from '../../src/evidence-requests/routes.js';
import { startTestApp } from '../support/app.js';
import { propertySuite } from '../support/property-suite.js';

propertySuite('orgs, keys and evidence requests', async () => {
  const app = await startTestApp({
    routes: ({ models }) => {
      const evidenceRequests = models.evidenceRequests;
      const evidenceRequestService = createEvidenceRequestService({ evidenceRequests });
      return evidenceRequestRoutes({ evidenceRequestService, ticketOf: () => Promise.resolve(new Map()) });
    },
  });
  const org = await app.newOrg();
  const request = await app.admin.post(`/orgs/${org}/evidence-requests`, { title: 'A' });
  const key = await app.keyOf(org, ['read']);
  return {
    app,
    routes: app.routes,
    org,
    ids: { 'evidence-requests': request.body.id as string, 'api-keys': key.keyId },
    bodies: {
      'post /orgs/{org}/evidence-requests': { title: 'A' },
      'post /orgs/{org}/api-keys': { name: 'A', permissions: ['read'] },
    },
  };
});
