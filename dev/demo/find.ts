import path from 'node:path';
import { z } from 'zod';
import { readIfThere } from '../files.js';
import { appEnvironment, setting } from '../supervisor/environment.js';
import { findSettings, hostOf, localUrl, missingServers } from '../supervisor/findings.js';

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

const port = z.number().int();
const runSchema = z.object({
  ports: z.object({ api: port, mongo: port, grpc: port, ui: port, http: port, metrics: port }),
  children: z.record(z.string(), z.unknown()),
});
const keysSchema = z.object({ ADMIN_API_KEY: z.string(), ENCRYPTION_KEY: z.string() });
type Run = z.infer<typeof runSchema>;

const notRunning = (where: string) =>
  new Error(`Drawbridge does not run${where}. Start it with \`npm start\` in another terminal, then run this again.`);

/**
 * Finds the product by KT_API_URL and KT_API_KEY (the admin key), else by what the start has left in DRAWBRIDGE_HOME.
 * @throws Error that says what to do, when it does not run
 */
export async function findProduct(env: NodeJS.ProcessEnv, root: string): Promise<Product> {
  const home = path.resolve(setting(env, 'DRAWBRIDGE_HOME') ?? path.join(root, '.drawbridge'));
  const run = read(path.join(home, 'run.json'), runSchema);
  const keys = read(path.join(home, 'keys.json'), keysSchema);
  const named = setting(env, 'KT_API_URL')
    ?.replace(/\/+$/, '')
    .replace(/\/api\/v1$/, '');
  if (named === undefined && !run) throw notRunning(` from ${home}`);
  const url = named ?? localUrl(hostOf(env), run?.ports.api ?? 0);
  const adminKey = setting(env, 'KT_API_KEY') ?? setting(env, 'ADMIN_API_KEY') ?? keys?.ADMIN_API_KEY;
  if (adminKey === undefined) throw new Error('The demo makes an org: set KT_API_KEY to the admin key.');
  if (!(await isAlive(url))) throw notRunning(` at ${url}`);
  return {
    url,
    adminKey,
    root,
    webhookSecret: setting(env, 'TICKET_WEBHOOK_SECRET'),
    apiEnvironment: () => apiEnvironment(env, { url, adminKey, run, encryptionKey: keys?.ENCRYPTION_KEY }),
  };
}

/** By the start's own rules: what people have set, and for the rest what the start has made. */
function apiEnvironment(
  env: NodeJS.ProcessEnv,
  known: { url: string; adminKey: string; run: Run | undefined; encryptionKey: string | undefined },
): NodeJS.ProcessEnv {
  const missing = missingServers(env);
  const unknown = [
    ...(missing.mongo && known.run?.children.mongo === undefined ? ['MONGODB_URI'] : []),
    ...(missing.temporal && known.run?.children.temporal === undefined ? ['TEMPORAL_ADDRESS'] : []),
    ...(setting(env, 'ENCRYPTION_KEY') === undefined && known.encryptionKey === undefined ? ['ENCRYPTION_KEY'] : []),
  ];
  if (unknown.length > 0) {
    throw new Error(
      `A reply has to be signed. Set TICKET_WEBHOOK_SECRET for Drawbridge and for the demo, or give the demo ${unknown.join(', ')} as Drawbridge has them.`,
    );
  }
  const { api = 0, mongo = 0, ...temporal } = known.run?.ports ?? {};
  const ports = { api, mongo, temporal: { grpc: 0, ui: 0, http: 0, metrics: 0, ...temporal } };
  const keys = { ADMIN_API_KEY: known.adminKey, ENCRYPTION_KEY: known.encryptionKey ?? '' };
  const findings = findSettings(env, ports, keys);
  if (missing.mongo) findings.mongodbUri = `mongodb://127.0.0.1:${mongo}/drawbridge?directConnection=true`;
  return { ...appEnvironment(env, findings), PUBLIC_URL: setting(env, 'PUBLIC_URL') ?? known.url };
}

/** What a file of the home holds; undefined when it is not there or not (any more) what the start writes. */
function read<S extends z.ZodType>(file: string, schema: S): z.output<S> | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function isAlive(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) });
    return response.ok;
  } catch {
    return false;
  }
}
