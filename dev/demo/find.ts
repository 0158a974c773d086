import { setting } from '../supervisor/environment.js';
import { hostOf, localUrl } from '../supervisor/findings.js';
import { environmentOf, readHome, startAdvice, unknownSettings, type RunningHome } from '../supervisor/running.js';
import { withoutTrailingSlashes } from '../../src/lib/text.js';

/** A Drawbridge that runs, and what the demo may use of it. */
export interface Product {
  /** `http://host:port` */
  url: string;
  adminKey: string;
  /** TICKET_WEBHOOK_SECRET of the demo's own environment. */
  webhookSecret: string | undefined;
  root: string;
  /**
   * The environment of one more API process on the same servers.
   * @throws Error that says what is to be set, when the servers are not known
   */
  apiEnvironment: () => NodeJS.ProcessEnv;
}

const notRunning = (where: string) => new Error(`Drawbridge is not running${where}. ${startAdvice}`);

/**
 * Finds the product by KT_API_URL and KT_API_KEY (the admin key), else by what the start has left in DRAWBRIDGE_HOME.
 * @throws Error that says what to do, when it does not run
 */
export async function findProduct(env: NodeJS.ProcessEnv, root: string): Promise<Product> {
  const home = readHome(env, root);
  const { folder, run, keys } = home;
  const named = withoutTrailingSlashes(setting(env, 'KT_API_URL') ?? '').replace(/\/api\/v1$/, '') || undefined;
  if (named === undefined && !run) throw notRunning(` from ${folder}`);
  const url = named ?? localUrl(hostOf(env), run?.ports.api ?? 0);
  const adminKey = setting(env, 'KT_API_KEY') ?? setting(env, 'ADMIN_API_KEY') ?? keys?.ADMIN_API_KEY;
  if (adminKey === undefined) throw new Error('The demo makes an org: set KT_API_KEY to the admin key.');
  if (!(await isAlive(url))) throw notRunning(` at ${url}`);
  return {
    url,
    adminKey,
    root,
    webhookSecret: setting(env, 'TICKET_WEBHOOK_SECRET'),
    apiEnvironment: () => apiEnvironment(env, { url, adminKey, home }),
  };
}

/** @throws Error naming the keys that neither the environment nor the home knows */
function apiEnvironment(
  env: NodeJS.ProcessEnv,
  known: { url: string; adminKey: string; home: RunningHome },
): NodeJS.ProcessEnv {
  const unknown = unknownSettings(env, known.home);
  if (unknown.length > 0) {
    throw new Error(
      `A reply has to be signed. Set TICKET_WEBHOOK_SECRET for Drawbridge and for the demo, or give the demo ${unknown.join(', ')} as Drawbridge has them.`,
    );
  }
  const keys = { ADMIN_API_KEY: known.adminKey, ENCRYPTION_KEY: known.home.keys?.ENCRYPTION_KEY ?? '' };
  const made = environmentOf(env, { run: known.home.run, keys });
  return { ...made, PUBLIC_URL: setting(env, 'PUBLIC_URL') ?? known.url };
}

async function isAlive(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) });
    return response.ok;
  } catch {
    return false;
  }
}
