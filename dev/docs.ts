// npm run docs: writes the generated parts of docs/reference from the code. A test fails while a page is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { blocks, withBlocks } from './docs/blocks.js';
import { projectRoot } from './paths.js';

const root = projectRoot();
for (const page of Object.keys(blocks)) {
  const file = path.join(root, page);
  const before = readFileSync(file, 'utf8');
  const after = await format(withBlocks(before, page), { ...(await resolveConfig(file)), filepath: file });
  if (after === before) continue;
  writeFileSync(file, after);
  console.log(`${page} is written.`);
}
