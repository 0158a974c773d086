import { policyRoutes } from '../../src/escalations/policies/routes.js';
import { createPolicyService, type PolicyService } from '../../src/escalations/policies/service.js';
import { routingRoutes } from '../../src/escalations/routing/routes.js';
import { createRoutingService, type RoutingService } from '../../src/escalations/routing/service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { dataOf, type Api, type ApiAnswer, type ApiHeaders } from '../support/http.js';

export interface Setup {
  org: string;
  key: Api;
  get: () => Promise<ApiAnswer>;
  put: (body: unknown, headers?: ApiHeaders) => Promise<ApiAnswer>;
  /** The names of what changed, a list for each PUT, oldest first. */
  changes: () => Promise<unknown[]>;
}

export interface SettingsHarness {
  app: TestApp;
  settings: { policies: PolicyService; routing: RoutingService };
  /** A new org with a key that may configure it, at one of its documents. */
  newSetup: (document: 'escalation-policies' | 'escalation-routing') => Promise<Setup>;
}

/** The one connection that every org seems to have. */
export const knownConnection = 'con_known';

/** The API with policies and routing. */
export async function startSettings(): Promise<SettingsHarness> {
  let settings: SettingsHarness['settings'] | undefined;
  const app = await startTestApp({
    routes: ({ models, audit }) => {
      const connectionExists = (_org: string, id: string) => Promise.resolve(id === knownConnection);
      const policies = createPolicyService({ policies: models.policies, audit });
      const routing = createRoutingService({ routing: models.routing, audit, connectionExists });
      settings = { policies, routing };
      return [...policyRoutes({ policyService: policies }), ...routingRoutes({ routingService: routing })];
    },
  });
  if (!settings) throw new Error('The app was started without its routes.');
  return {
    app,
    settings,
    async newSetup(document) {
      const org = await app.newOrg();
      const key = await app.keyOf(org, ['configure']);
      const path = `/orgs/${org}/${document}`;
      const action = `${document.replace('-', '_')}.replaced`;
      return {
        org,
        key,
        get: () => key.get(path),
        put: (body, headers) => key.put(path, body, headers),
        changes: async () =>
          dataOf(await key.get(`/orgs/${org}/audit`))
            .filter((entry) => entry.action === action)
            .map((entry) => entry.changed)
            .reverse(),
      };
    },
  };
}

export const pathsOf = (answer: ApiAnswer) => (answer.body.errors as { path: string }[]).map(({ path }) => path);
