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

/** The candidate that was probably meant: at most two edits away, and fewer than half the letters of the word. */
function closest(word: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((candidate) => ({ candidate, distance: distance(word, candidate) }))
    .filter((entry) => entry.distance <= 2 && entry.distance * 2 < word.length)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** The Levenshtein distance; 3 stands for anything larger than 2. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
