import { Connection } from '@temporalio/client';
import type { Config } from '../../config/index.js';
import { connectionOptions } from '../../temporal/client.js';
import { attention, bad, count, ok, reason, type Finding } from './finding.js';

/** For one call: a server on the other side of the world answers in a second. */
const deadlineMs = 5_000;
const oldest = [1, 28] as const;
const shortDays = 3;
const codes = { deadline: 4, notFound: 5, denied: 7, unavailable: 14, unauthenticated: 16 } as const;

export interface TemporalCalls {
  connection: Connection;
  namespace: string;
  /** Within the time that a call is given. */
  ask: <T>(call: () => Promise<T>) => Promise<T>;
}

/** Opens nothing yet. */
export function temporalCalls(temporal: Config['temporal']): TemporalCalls {
  const connection = Connection.lazy(connectionOptions(temporal));
  return {
    ...{ connection, namespace: temporal.namespace },
    ask: (call) => connection.withDeadline(Date.now() + deadlineMs, call),
  };
}

/** Server, login, namespace and retention. @returns `usable`: whether there is any use in asking for more */
export async function checkTemporal(
  { connection, namespace, ask }: TemporalCalls,
  temporal: Config['temporal'],
): Promise<{ findings: Finding[]; usable: boolean }> {
  const { workflowService } = connection;
  let reached: Finding;
  try {
    const { serverVersion } = await ask(() => workflowService.getSystemInfo({}));
    reached = server(temporal, serverVersion);
  } catch (error) {
    return { findings: [unreachable(temporal, error)], usable: false };
  }
  try {
    const { config } = await ask(() => workflowService.describeNamespace({ namespace }));
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
    const there = ok('temporal.namespace', `The namespace ${namespace} is there.`);
    return { findings: [reached, there, retention(days)], usable: true };
  } catch (error) {
    return { findings: [reached, noNamespace(namespace, error)], usable: false };
  }
}

function server(temporal: Config['temporal'], version: string): Finding {
  const id = 'temporal.reachable';
  const way = temporal.tls ? 'by TLS' : 'without TLS';
  const message = `Temporal ${version} at ${temporal.address} answers, ${way}${temporal.apiKey ? ' and with its API key' : ''}.`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // Temporal Cloud numbers its versions in its own way, and is never old.
  const isOld = version !== '' && (major < oldest[0] || (major === oldest[0] && minor < oldest[1]));
  return isOld
    ? attention(id, message, `Upgrade it to ${oldest.join('.')} or later, which the tests run with.`)
    : ok(id, message);
}

function unreachable({ address, tls, apiKey }: Config['temporal'], error: unknown): Finding {
  const id = 'temporal.reachable';
  const code = codeOf(error);
  if (code === codes.unauthenticated || code === codes.denied) {
    const todo = apiKey
      ? 'Put an API key that has not expired, and may use the namespace, into TEMPORAL_API_KEY.'
      : 'Set TEMPORAL_API_KEY, or TEMPORAL_TLS_CERT_FILE and TEMPORAL_TLS_KEY_FILE.';
    return bad(id, `Temporal at ${address} refuses the login: ${reason(error)}.`, todo);
  }
  const secure = tls
    ? 'TLS is on (TEMPORAL_TLS_*, TEMPORAL_API_KEY): does the server speak it, and do CA file and TEMPORAL_TLS_SERVER_NAME fit its certificate?'
    : 'TLS is off: does the server want it (TEMPORAL_TLS_ENABLED=true)?';
  return bad(
    id,
    `Temporal at ${address} does not answer: ${code === codes.deadline ? `nothing within ${deadlineMs / 1000} s` : reason(error)}. The API takes writes meanwhile; tickets, escalations and deliveries stand still.`,
    `Start it, or correct TEMPORAL_ADDRESS (host:port of its gRPC). ${secure}`,
  );
}

function noNamespace(namespace: string, error: unknown): Finding {
  const id = 'temporal.namespace';
  const code = codeOf(error);
  if (code === codes.notFound) {
    const todo = `Make it (temporal operator namespace create --retention 168h ${namespace}), or correct TEMPORAL_NAMESPACE.`;
    return bad(id, `There is no namespace ${namespace}.`, todo);
  }
  if (code === codes.denied || code === codes.unauthenticated)
    return bad(id, `The login may not use the namespace ${namespace}.`, 'Grant it, or correct TEMPORAL_NAMESPACE.');
  return bad(
    id,
    `The namespace ${namespace} cannot be looked at: ${reason(error)}.`,
    'Look into the log of the server.',
  );
}

function retention(days: number): Finding {
  const id = 'temporal.retention';
  const message = `Closed workflows are kept for ${count(Math.round(days * 10) / 10, 'day')}.`;
  if (days >= shortDays) return ok(id, message);
  return attention(
    id,
    `${message} After that nobody can see in Temporal what happened to a ticket or an escalation.`,
    'Keep them for a week: temporal operator namespace update --retention 168h.',
  );
}

export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
