import type { Model } from 'mongoose';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { trusted } from '../../db/schema-options.js';
import type { FindScope } from '../inbound/scope.js';
import { pollNameOf } from './names.js';

/** What is to have a Schedule. */
export interface Polled {
  /** A connection's id, or `env-jira`, `env-servicenow`. */
  name: string;
  /** Null for the environment's. */
  orgId: string | null;
  provider: string;
  intervalSeconds: number;
}

export interface PolledDeps {
  connections: Model<ConnectionDoc>;
  findScope: FindScope;
  /** Of the environment's trackers. */
  intervalSeconds: Readonly<Record<'jira' | 'servicenow', number>>;
}

/** Every tracker with a dialect of its own: of the orgs' connections, and of the environment where it is set up. */
export async function listPolled({ connections, findScope, intervalSeconds }: PolledDeps): Promise<Polled[]> {
  const found = await connections
    .find({ deleted_at: null, provider: trusted({ $in: ['jira', 'servicenow'] }) })
    .lean<ConnectionDoc[]>();
  const ofOrgs = found.flatMap(({ _id, org_id: orgId, provider, settings }) =>
    'poll_interval_seconds' in settings
      ? [{ name: _id, orgId, provider, intervalSeconds: settings.poll_interval_seconds }]
      : [],
  );
  const ofEnvironment = await Promise.all(
    (['jira', 'servicenow'] as const).map(async (environment) => {
      const resolved = (await findScope({ environment }))?.resolved;
      if (resolved?.status !== 'ready' || !resolved.provider.tracker) return [];
      const name = pollNameOf({ environment });
      return [{ name, orgId: null, provider: environment, intervalSeconds: intervalSeconds[environment] }];
    }),
  );
  return [...ofOrgs, ...ofEnvironment.flat()];
}
