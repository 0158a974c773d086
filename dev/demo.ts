// npm run demo: a ticket's life by real calls, against the product that `npm start` runs in another terminal.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findProduct } from './demo/find.js';
import { createScreen } from './demo/screen.js';
import { runStory } from './demo/story.js';
import { reasonOf } from './files.js';
import { projectRoot } from './paths.js';

const root = projectRoot();
const envFile = path.join(root, '.env');
// The same settings as the start's.
if (existsSync(envFile)) process.loadEnvFile(envFile);

const screen = createScreen(process.stdout, process.env);
// Ended in order, so that nothing that it has started stays behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  const product = await findProduct(process.env, root);
  await runStory(product, screen);
  process.exit(0);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : reasonOf(error)}`);
  process.exit(1);
}
