import { closest } from '../lib/closest.js';
import { ConfigError, loadConfig, type Config } from '../config/index.js';
import { environmentKeys } from '../config/environment.js';
import { attention, bad, ok, type Finding } from './finding.js';

const ours = /^(TICKET|JIRA|SERVICENOW|DELIVERY|EGRESS|ENCRYPTION|TEMPORAL|RATE_LIMIT|TRUSTED|METRICS|PAGERDUTY)_/;

/** Everything that is wrong in the environment, at once. */
export function checkConfiguration(env: NodeJS.ProcessEnv): { config: Config | null; findings: Finding[] } {
  const id = 'configuration.environment';
  try {
    const config = loadConfig(env);
    return { config, findings: [ok(id, 'The environment is complete and readable.'), ...mistyped(env)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const todo = 'Set it as README’s table says; API and worker do not start without it.';
    return {
      config: null,
      findings: [...error.problems.map((problem) => bad(id, `${problem}.`, todo)), ...mistyped(env)],
    };
  }
}

/** A key that nobody reads, and that is nearly one of ours, was meant to be it. */
function mistyped(env: NodeJS.ProcessEnv): Finding[] {
  return Object.keys(env).flatMap((key) => {
    if (!ours.test(key) || environmentKeys.includes(key)) return [];
    const meant = closest(key, environmentKeys);
    if (meant === undefined) return [];
    return [attention('configuration.unknown', `Nobody reads ${key}.`, `Is ${meant} meant?`)];
  });
}
