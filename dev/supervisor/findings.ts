import { setting, type Findings } from './environment.js';
import type { Keys } from './keys.js';
import type { Ports } from './ports.js';

/** Where the API listens; only people can want anything but the loopback address. */
export const hostOf = (env: NodeJS.ProcessEnv): string => setting(env, 'HOST') ?? '127.0.0.1';

/** The servers that nobody has named, and that are embedded therefore. */
export const missingServers = (env: NodeJS.ProcessEnv) => ({
  temporal: setting(env, 'TEMPORAL_ADDRESS') === undefined,
  mongo: setting(env, 'MONGODB_URI') === undefined,
});

/** What people have set, and for the rest what this start has made or will start. */
export function findSettings(env: NodeJS.ProcessEnv, ports: Ports, made: Keys): Findings {
  const embedded = missingServers(env);
  const { grpc, ui, http, metrics } = ports.temporal;
  return {
    host: hostOf(env),
    port: ports.api,
    publicUrl: setting(env, 'PUBLIC_URL') ?? `http://localhost:${ports.api}`,
    keys: {
      ADMIN_API_KEY: setting(env, 'ADMIN_API_KEY') ?? made.ADMIN_API_KEY,
      ENCRYPTION_KEY: setting(env, 'ENCRYPTION_KEY') ?? made.ENCRYPTION_KEY,
    },
    mongodbUri: setting(env, 'MONGODB_URI') ?? `mongodb://127.0.0.1:${ports.mongo}/drawbridge`,
    temporal: {
      address: setting(env, 'TEMPORAL_ADDRESS') ?? `127.0.0.1:${grpc}`,
      namespace: setting(env, 'TEMPORAL_NAMESPACE') ?? 'default',
      uiUrl: setting(env, 'TEMPORAL_UI_URL') ?? (embedded.temporal ? `http://localhost:${ui}` : undefined),
      embedded: embedded.temporal,
    },
    privatePorts: [...(embedded.mongo ? [ports.mongo] : []), ...(embedded.temporal ? [grpc, ui, http, metrics] : [])],
  };
}

/** Where this machine reaches the API, whatever address it listens on. */
export function localUrl(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
