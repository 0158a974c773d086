import type { RunFacts } from './run-file.js';

export type Urls = Record<'console' | 'api' | 'docs', string> & { temporalUi?: string };

/** The embedded Temporal, for those who want to look at it with its own tools. */
export interface EmbeddedTemporal {
  /** `host:port` of gRPC. */
  address: string;
  namespace: string;
  /** The CLI that was found, downloaded or built, absolute. */
  binary: string;
}

/** Where people find things. */
export function urlsOf(publicUrl: string, temporalUi: string | undefined): Urls & RunFacts['urls'] {
  return {
    console: `${publicUrl}/`,
    api: `${publicUrl}/api/v1`,
    docs: `${publicUrl}/docs`,
    ...(temporalUi === undefined ? {} : { temporalUi }),
  };
}

export interface Announced {
  urls: Urls;
  /** Undefined when the server is somebody else's. */
  temporal: EmbeddedTemporal | undefined;
  /** `file` has it when it was made here; without one it comes from the environment. */
  adminKey: { value: string; file?: string };
}

/** What is printed when all is ready. The admin key goes to a terminal only: elsewhere the output is somebody's log. */
export function announcement({ urls, temporal, adminKey }: Announced, isTerminal: boolean): string {
  const place = adminKey.file === undefined ? 'as set in ADMIN_API_KEY' : `in ${adminKey.file}`;
  return [
    '',
    'Drawbridge is ready.',
    `  Console      ${urls.console}`,
    `  API          ${urls.api}`,
    `  API docs     ${urls.docs}`,
    ...(urls.temporalUi === undefined ? [] : [`  Temporal UI  ${urls.temporalUi}`]),
    ...(temporal === undefined
      ? []
      : [`  Temporal     ${temporal.address}, for example:`, `               ${listCommand(temporal)}`]),
    `  Admin key    ${isTerminal && adminKey.file !== undefined ? adminKey.value : place}`,
    'Ctrl-C stops all of it.',
    '',
  ].join('\n');
}

function listCommand({ address, namespace, binary }: EmbeddedTemporal): string {
  const program = /^[\w./+@:-]+$/.test(binary) ? binary : `'${binary.replaceAll("'", `'\\''`)}'`;
  return `${program} workflow list --address ${address}${namespace === 'default' ? '' : ` --namespace ${namespace}`}`;
}
