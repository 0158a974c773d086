const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'LANG', 'LC_ALL', 'TZ', 'USER'];

/**
 * What an embedded server is given of our environment. Our keys are not its business, and its own variables
 * (TEMPORAL_*, SECANTUS_*: one of them turns durability off) must not change what we start.
 */
export function serverEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
