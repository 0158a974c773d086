import { rmSync } from 'node:fs';
import { z } from 'zod';
import { readIfThere, writePrivately } from '../files.js';
import { endProcess, type ProcessIdentity } from '../process/identity.js';

const identitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string(), command: z.string() });
const runSchema = z.object({ children: z.record(z.string(), identitySchema) });

/** What run.json says besides the children: for people and scripts that look for a running Drawbridge. */
export interface RunFacts {
  pid: number;
  ports: Record<string, number>;
  urls: Record<string, string>;
}

/** Keeps run.json true while a start runs. */
export class RunFile {
  private readonly children = new Map<string, ProcessIdentity>();
  private facts: RunFacts = { pid: process.pid, ports: {}, urls: {} };

  constructor(private readonly file: string) {}

  /** Written before anything else happens to the child, so that one is never forgotten. */
  child(name: string, identity: ProcessIdentity): void {
    this.children.set(name, identity);
    this.write();
  }

  describe(facts: Pick<RunFacts, 'ports' | 'urls'>): void {
    this.facts = { ...this.facts, ...facts };
    this.write();
  }

  /** All have ended: the next start has nothing to clean up. */
  remove(): void {
    rmSync(this.file, { force: true });
  }

  private write(): void {
    writePrivately(
      this.file,
      `${JSON.stringify({ ...this.facts, children: Object.fromEntries(this.children) }, null, 2)}\n`,
    );
  }
}

/** What a process that does not obey is given before it is killed. */
const graceMs = 5_000;
/** Those that use the others first. */
const order = ['api', 'worker', 'temporal', 'mongo'];

/**
 * Ends the children of a start that was killed. Only exactly those: a pid that now belongs to another process is left alone.
 * @returns the names of those that were still running
 */
export async function endLeftOvers(file: string): Promise<string[]> {
  const text = readIfThere(file);
  if (text === undefined) return [];
  const children = Object.entries(parse(text)).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const ended: string[] = [];
  for (const [name, identity] of children)
    if (await endProcess(identity, graceMs)) ended.push(`${name} (${identity.pid})`);
  rmSync(file, { force: true });
  return ended;
}

function parse(text: string): Record<string, ProcessIdentity> {
  try {
    return runSchema.parse(JSON.parse(text)).children;
  } catch {
    // It is written whole, so someone else has written this one; there is nobody in it that we could know.
    return {};
  }
}
