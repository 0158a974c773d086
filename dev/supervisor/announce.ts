import type { RunFacts } from './run-file.js';

export type Urls = Record<'console' | 'api' | 'docs', string> & { temporalUi?: string };

/** Where people find things. */
export function urlsOf(publicUrl: string, temporalUi: string | undefined): Urls & RunFacts['urls'] {
  return {
    console: `${publicUrl}/`,
    api: `${publicUrl}/api/v1`,
    docs: `${publicUrl}/docs`,
    ...(temporalUi === undefined ? {} : { temporalUi }),
  };
}

/**
 * What is printed when all is ready. The admin key goes to a terminal only: elsewhere the output is somebody's log.
 * @param adminKey `file` has it when it was made here; without one it comes from the environment
 */
export function announcement(urls: Urls, adminKey: { value: string; file?: string }, isTerminal: boolean): string {
  const place = adminKey.file === undefined ? 'as set in ADMIN_API_KEY' : `in ${adminKey.file}`;
  return [
    '',
    'Drawbridge is ready.',
    `  Console      ${urls.console}`,
    `  API          ${urls.api}`,
    `  API docs     ${urls.docs}`,
    ...(urls.temporalUi === undefined ? [] : [`  Temporal UI  ${urls.temporalUi}`]),
    `  Admin key    ${isTerminal && adminKey.file !== undefined ? adminKey.value : place}`,
    'Ctrl-C stops all of it.',
    '',
  ].join('\n');
}
