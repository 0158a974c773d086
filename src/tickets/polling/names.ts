import type { ScopeName } from '../inbound/scope.js';

const prefix = 'env-';
const environments = ['jira', 'servicenow'] as const;

/** What is polled, in one word: a connection's id, or `env-jira`, `env-servicenow`. */
export const pollNameOf = (scope: ScopeName): string =>
  'connectionId' in scope ? scope.connectionId : `${prefix}${scope.environment}`;

/** The reverse of `pollNameOf`. */
export function scopeOfPoll(name: string): ScopeName {
  const environment = environments.find((one) => name === `${prefix}${one}`);
  return environment ? { environment } : { connectionId: name };
}
