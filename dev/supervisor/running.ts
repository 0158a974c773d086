import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readIfThere } from '../files.js';
import { appEnvironment, setting } from './environment.js';
import { findSettings, missingServers } from './findings.js';

const port = z.number().int();
const runSchema = z.object({
  ports: z.object({ api: port, mongo: port, grpc: port, ui: port, http: port, metrics: port }),
  children: z.record(z.string(), z.unknown()),
});
const keysSchema = z.object({ ADMIN_API_KEY: z.string(), ENCRYPTION_KEY: z.string() });

/** What a start has left in its home for those who look for it. */
export interface RunningHome {
  /** Absolute. */
  folder: string;
  /** Undefined when nothing runs from it. */
  run: z.infer<typeof runSchema> | undefined;
  keys: z.infer<typeof keysSchema> | undefined;
}

/** Reads DRAWBRIDGE_HOME, the project's own when unset. */
export function readHome(env: NodeJS.ProcessEnv, root: string): RunningHome {
  const folder = path.resolve(setting(env, 'DRAWBRIDGE_HOME') ?? path.join(root, '.drawbridge'));
  return {
    folder,
    run: read(path.join(folder, 'run.json'), runSchema),
    keys: read(path.join(folder, 'keys.json'), keysSchema),
  };
}

/** The keys that neither people have set nor the home knows, and that a process on the same servers needs. */
export function unknownSettings(env: NodeJS.ProcessEnv, { run, keys }: Pick<RunningHome, 'run' | 'keys'>): string[] {
  const missing = missingServers(env);
  return [
    ...(missing.mongo && run?.children.mongo === undefined ? ['MONGODB_URI'] : []),
    ...(missing.temporal && run?.children.temporal === undefined ? ['TEMPORAL_ADDRESS'] : []),
    ...(setting(env, 'ENCRYPTION_KEY') === undefined && keys === undefined ? ['ENCRYPTION_KEY'] : []),
  ];
}

/** The environment of a process on the same servers, by the start's own rules: what people have set, and for the rest what it has made. */
export function environmentOf(
  env: NodeJS.ProcessEnv,
  { run, keys }: Pick<RunningHome, 'run' | 'keys'>,
): NodeJS.ProcessEnv {
  const { api = 0, mongo = 0, ...temporal } = run?.ports ?? {};
  const ports = { api, mongo, temporal: { grpc: 0, ui: 0, http: 0, metrics: 0, ...temporal } };
  const findings = findSettings(env, ports, keys ?? { ADMIN_API_KEY: '', ENCRYPTION_KEY: '' });
  if (missingServers(env).mongo) findings.mongodbUri = `mongodb://127.0.0.1:${mongo}/drawbridge?directConnection=true`;
  return appEnvironment(env, findings);
}

/** What to do when a program needs a running Drawbridge. */
export const startAdvice = 'Run `npm start` in another terminal, then run this again.';

/** Neither does Drawbridge run from its home, nor does the environment name servers of one that runs elsewhere. */
export class NotRunningError extends Error {
  readonly fact: string;
  readonly advice = `${startAdvice} For servers of your own, set MONGODB_URI, TEMPORAL_ADDRESS and ENCRYPTION_KEY.`;

  constructor(folder: string) {
    const fact = `Drawbridge is not running from ${folder}.`;
    super(fact);
    this.name = 'NotRunningError';
    this.fact = fact;
  }
}

/**
 * The environment that API and worker have: as people have set it, `.env` included, or else what a start runs with.
 * @returns `note` says which
 * @throws NotRunningError
 */
export function findSurroundings(own: NodeJS.ProcessEnv, root: string): { env: NodeJS.ProcessEnv; note: string } {
  const envFile = path.join(root, '.env');
  // The same settings as the start's.
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const home = readHome(own, root);
  if (unknownSettings(own, { run: undefined, keys: undefined }).length === 0)
    return { env: own, note: 'By the environment of this terminal.\n' };
  if (unknownSettings(own, home).length === 0)
    return { env: environmentOf(own, home), note: `As Drawbridge runs from ${home.folder}.\n` };
  const missing = missingServers(own);
  if (home.run === undefined && missing.mongo && missing.temporal) throw new NotRunningError(home.folder);
  return {
    env: own,
    note: `Drawbridge is not running from ${home.folder}: by the environment of this terminal.\n`,
  };
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
