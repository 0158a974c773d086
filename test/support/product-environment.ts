import { inject } from 'vitest';
import { databaseUri } from './mongo-uri.js';
import { timingsEnv } from './timings.js';
import { uniqueName } from './unique-name.js';

export const adminKey = 'test-admin-key-0123456789';

/** The origin of links; every part of a product has the same. */
export const publicUrl = 'http://bridge.test';
export const webhookSecret = 'test-webhook-secret';

export type ProductEnvironment = Readonly<Record<string, string>>;

export interface ProductOptions {
  /** Overrides the defaults: the mock provider, no rate limit, both secrets set, small timings. */
  env?: Record<string, string>;
  /** By default a new database on the run's own servers, and task queues of its own. */
  mongoUri?: string;
  temporalAddress?: string;
}

/** The environment of one product: a database and task queues that no other product uses. */
export function productEnvironment(options: ProductOptions): ProductEnvironment {
  const name = uniqueName();
  return {
    PATH: process.env.PATH ?? '',
    MONGODB_URI: options.mongoUri ?? databaseUri(inject('mongoUri'), name),
    TEMPORAL_ADDRESS: options.temporalAddress ?? inject('temporalAddress'),
    TEMPORAL_UI_URL: inject('embedded').temporal?.uiUrl ?? 'http://localhost:8233',
    TEMPORAL_QUEUE_SUFFIX: `-${name}`,
    ADMIN_API_KEY: adminKey,
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    TICKET_WEBHOOK_SECRET: webhookSecret,
    PUBLIC_URL: publicUrl,
    RATE_LIMIT_PER_SECOND: '0',
    LOG_LEVEL: 'info',
    ...timingsEnv(),
    ...options.env,
  };
}
