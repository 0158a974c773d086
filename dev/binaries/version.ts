import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type Version = readonly [number, number];

const minimum = { temporalCli: [1, 4], temporalServer: [1, 28], mongod: [6, 0] } as const satisfies Record<
  string,
  Version
>;

/** The first line that the program prints for `--version`. */
export async function askVersion(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 15_000 });
  return stdout.split('\n')[0]?.trim() ?? '';
}

/**
 * Why this `temporal` is not enough, or undefined when it is.
 * @param line such as `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`; one that was built from source calls itself
 *   0.0.0-DEV, and its server's version alone counts
 */
export function temporalProblem(line: string): string | undefined {
  const cli = parse(/version v?(\d+)\.(\d+)/, line);
  const server = parse(/Server v?(\d+)\.(\d+)/, line);
  if (!cli || !server) return `says ${JSON.stringify(line.slice(0, 80))} for its version`;
  const built = line.includes('0.0.0-DEV');
  if (!built && isOlder(cli, minimum.temporalCli))
    return `is ${show(cli)}, and ${show(minimum.temporalCli)} or later is needed`;
  if (!isOlder(server, minimum.temporalServer)) return undefined;
  return `has server ${show(server)}, and ${show(minimum.temporalServer)} or later is needed`;
}

/**
 * Why this `mongod` is not enough, or undefined when it is.
 * @param line such as `db version v7.0.14`
 */
export function mongodProblem(line: string): string | undefined {
  const version = parse(/db version v?(\d+)\.(\d+)/, line);
  if (!version) return `says ${JSON.stringify(line.slice(0, 80))} for its version`;
  return isOlder(version, minimum.mongod)
    ? `is ${show(version)}, and ${show(minimum.mongod)} or later is needed`
    : undefined;
}

function parse(pattern: RegExp, line: string): Version | undefined {
  const match = pattern.exec(line);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

const isOlder = (version: Version, than: Version) =>
  version[0] < than[0] || (version[0] === than[0] && version[1] < than[1]);
const show = (version: Version) => version.join('.');
