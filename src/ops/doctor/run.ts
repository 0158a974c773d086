import { parseArgs } from 'node:util';
import { examine } from './examine.js';
import { isHealthy, reportJson, reportText } from './report.js';

/** Where it writes. */
export interface DoctorTerminal {
  out: (text: string) => void;
  note: (text: string) => void;
  hasColours: boolean;
}

const usage = `Usage: npm run doctor [-- --json]

Looks at everything that API and worker need, with the environment that they have, and says of each thing what is wrong and what
to do. Starts nothing and changes nothing. Exit code: 0, 1 when something is bad, 2 for wrong use.`;

/**
 * Runs the doctor.
 * @param args what stands behind its name
 * @param look finds out what is wrong
 * @returns the exit code
 */
export async function runDoctor(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { out, note, hasColours }: DoctorTerminal,
  check: typeof examine = examine,
): Promise<number> {
  const options = parse(args);
  if (options === null) {
    note(usage);
    return 2;
  }
  if (options.help) {
    out(usage);
    return 0;
  }
  const findings = await check(env);
  out(options.json ? reportJson(findings) : reportText(findings, hasColours));
  return isHealthy(findings) ? 0 : 1;
}

/** @returns null for wrong use */
function parse(args: readonly string[]): { json: boolean; help: boolean } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    return values;
  } catch {
    return null;
  }
}

/** What a process writes to. */
export const processTerminal = (env: NodeJS.ProcessEnv): DoctorTerminal => ({
  out: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  hasColours: process.stdout.isTTY && (env.NO_COLOR ?? '') === '',
});
