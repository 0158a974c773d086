import { programEnvironment } from '../stack/program.js';
import type { Keys } from './keys.js';

/** What the start has found, made or started, for the environment of API and worker. */
export interface Findings {
  host: string;
  port: number;
  publicUrl: string;
  keys: Keys;
  mongodbUri: string;
  temporal: { address: string; namespace: string; uiUrl: string | undefined; embedded: boolean };
  /** Ports of our own servers that no delivery may reach, whatever EGRESS_ALLOW says. */
  privatePorts: readonly number[];
}

/** A setting's value; `KEY=` counts as unset. */
export const setting = (env: NodeJS.ProcessEnv, key: string): string | undefined =>
  env[key] === '' ? undefined : env[key];

/**
 * The environment of API and worker: ours, and over it what was found. What people have set wins over what was made.
 */
export function appEnvironment(env: NodeJS.ProcessEnv, findings: Findings): NodeJS.ProcessEnv {
  const { temporal } = findings;
  return {
    ...programEnvironment,
    ...env,
    // An API key or a certificate would turn TLS on, which the embedded server does not speak.
    ...(temporal.embedded ? withoutTemporalCredentials(env) : {}),
    HOST: findings.host,
    PORT: String(findings.port),
    PUBLIC_URL: findings.publicUrl,
    MONGODB_URI: findings.mongodbUri,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...(temporal.uiUrl === undefined ? {} : { TEMPORAL_UI_URL: temporal.uiUrl }),
    ...findings.keys,
    // Receivers on one's own machine are what one tries first; set but empty, it allows none.
    EGRESS_ALLOW: env.EGRESS_ALLOW ?? '127.0.0.0/8,::1/128',
    DRAWBRIDGE_PRIVATE_PORTS: findings.privatePorts.join(','),
  };
}

function withoutTemporalCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = Object.keys(env).filter((name) => name === 'TEMPORAL_API_KEY' || name.startsWith('TEMPORAL_TLS_'));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
