/** One thing that the process needs. */
export interface Probe {
  id: 'mongodb' | 'temporal' | 'worker';
  /** Resolves with what is fine, in our own words; rejects, or hangs, when it is not. */
  check: () => Promise<string>;
}

export interface ProbeResult {
  id: Probe['id'];
  status: 'ready' | 'unavailable';
  detail: string;
}

export interface Readiness {
  ready: boolean;
  checks: ProbeResult[];
}

/**
 * Runs all probes at once; none can take longer than `timeoutMs`. Callers at the same time share one run, for anyone
 * may ask.
 */
export function createReadiness(probes: readonly Probe[], timeoutMs: number): () => Promise<Readiness> {
  let running: Promise<Readiness> | null = null;
  const run = async () => {
    const checks = await Promise.all(probes.map((probe) => runProbe(probe, timeoutMs)));
    return { ready: checks.every(({ status }) => status === 'ready'), checks };
  };
  return () => (running ??= run().finally(() => (running = null)));
}

async function runProbe({ id, check }: Probe, timeoutMs: number): Promise<ProbeResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ProbeResult>((resolve) => {
    const detail = `did not answer within ${timeoutMs / 1_000} s`;
    timer = setTimeout(() => resolve({ id, status: 'unavailable', detail }), timeoutMs);
  });
  const checked = Promise.resolve()
    .then(check)
    .then(
      (detail): ProbeResult => ({ id, status: 'ready', detail }),
      // A driver's message names hosts, and this page is open to anyone.
      (): ProbeResult => ({ id, status: 'unavailable', detail: 'is not available' }),
    );
  return Promise.race([checked, late]).finally(() => clearTimeout(timer));
}
