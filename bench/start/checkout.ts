import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** What the build and `npm start` read. */
const parts = [
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'docs/guides/trackers'],
  ...['src', 'workflows', 'activities', 'dev', 'bench', 'test/support', 'test/faults'],
];

/**
 * A copy of the project with its packages, and without dist/.
 * @param root the project
 * @param folder of the copy; made
 */
export function copyCheckout(root: string, folder: string): string {
  mkdirSync(folder);
  for (const part of parts) {
    const from = path.join(root, part);
    if (existsSync(from)) cpSync(from, path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}
