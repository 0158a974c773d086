import { checkSetup, type SetupCheck, type SetupDeps } from './readiness.js';
import { setupRoutes } from './routes.js';

/** Wires this folder: what is set up, for callers and for the console. */
export function createSetup(deps: SetupDeps) {
  const check = (orgId: string): Promise<SetupCheck[]> => checkSetup(deps, orgId);
  return { check, routes: setupRoutes({ check }) };
}
