import { readFile } from 'node:fs/promises';
import type { ConnectionProvider } from '../../integrations/connections/model.js';
import { Markdown } from './markdown.js';

/** Where the project's documents lie, from dist/src/console/connections: an image has to hold them. */
const folder = new URL('../../../../docs/trackers/', import.meta.url);

/** The tracker's page of docs/trackers. */
export async function guideOf(provider: ConnectionProvider): Promise<preact.JSX.Element> {
  const text = await readFile(new URL(`${provider}.md`, folder), 'utf8');
  return <Markdown text={text} />;
}
