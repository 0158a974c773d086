import { z } from 'zod';
import { hasCode, readIfThere, reasonOf, writePrivately } from '../files.js';
import { choosePort, freePort, isFree } from '../stack/ports.js';
import type { TemporalPorts } from '../stack/temporal.js';
import { setting } from './environment.js';

export interface Ports {
  api: number;
  mongo: number;
  temporal: TemporalPorts;
}

const defaults = { api: 8080, mongo: 27017, temporal: { grpc: 7233, ui: 8233, http: undefined, metrics: undefined } };
const port = z.number().int().min(1).max(65535);
const portsSchema = z.object({
  api: port,
  mongo: port,
  temporal: z.object({ grpc: port, ui: port, http: port, metrics: port }),
});

/**
 * Ports for one start: the home's former ones, else the usual ones, else free ones; remembered for the next start.
 * @param env PORT and HOST count. An explicit PORT is meant as it is
 * @throws Error when an explicit PORT is taken or not allowed
 */
export async function choosePorts(file: string, env: NodeJS.ProcessEnv, host: string): Promise<Ports> {
  const former = parse(readIfThere(file));
  const taken = new Set<number>();
  const explicit = setting(env, 'PORT');
  const api =
    explicit === undefined
      ? await choosePort([former?.api, defaults.api], taken, host)
      : await explicitPort(explicit, host);
  taken.add(api);
  const pick = (of: number | undefined, byDefault: number | undefined) => choosePort([of, byDefault], taken);
  const ports: Ports = {
    api,
    mongo: await pick(former?.mongo, defaults.mongo),
    temporal: {
      grpc: await pick(former?.temporal.grpc, defaults.temporal.grpc),
      ui: await pick(former?.temporal.ui, defaults.temporal.ui),
      http: await pick(former?.temporal.http, defaults.temporal.http),
      metrics: await pick(former?.temporal.metrics, defaults.temporal.metrics),
    },
  };
  writePrivately(file, `${JSON.stringify(ports, null, 2)}\n`);
  return ports;
}

async function explicitPort(text: string, host: string): Promise<number> {
  const wanted = Number(text);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65535)
    throw new Error(`PORT is ${JSON.stringify(text)}, and has to be a port number.`);
  if (wanted === 0) return freePort(host);
  const free = await isFree(wanted, host).catch((error: unknown) => {
    const reason = hasCode(error, 'EACCES') ? 'this user may not listen on it' : reasonOf(error);
    throw new Error(`PORT ${wanted} cannot be used on ${host}: ${reason}.`);
  });
  if (!free)
    throw new Error(
      `PORT ${wanted} is taken by another program. Stop it, set another PORT, or leave PORT unset for a free one.`,
    );
  return wanted;
}

function parse(text: string | undefined): Ports | undefined {
  try {
    return text === undefined ? undefined : portsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
