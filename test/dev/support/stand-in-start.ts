// npm start with small stand-ins for API and worker. Bundled and run by start.test.ts.
import { createProgress } from '../../../dev/binaries/progress.js';
import { projectRoot } from '../../../dev/paths.js';
import { runDrawbridge } from '../../../dev/supervisor/main.js';
import { stopSignal } from '../../../dev/supervisor/signals.js';

// Like the real ones, both begin with the start's message.
const api = `
  const server = require('node:http').createServer((request, response) => response.end(JSON.stringify(process.env)));
  process.once('message', () => {
    setImmediate(() => process.disconnect());
    server.listen(Number(process.env.PORT), process.env.HOST);
  });
  process.on('SIGTERM', () => { console.log('api stopped at ' + Date.now()); process.exit(0); });
`;
const worker = `
  process.on('SIGTERM', () => setTimeout(() => { console.log('worker stopped at ' + Date.now()); process.exit(0); }, 300));
  process.once('message', () => {
    setImmediate(() => process.disconnect());
    setInterval(() => undefined, 1000);
  });
`;

const progress = createProgress(process.stdout);
try {
  await runDrawbridge({
    root: projectRoot(),
    env: process.env,
    apps: {
      api: { command: process.execPath, args: ['-e', api, '--'] },
      worker: { command: process.execPath, args: ['-e', worker, '--'] },
    },
    progress,
    isTerminal: false,
    signal: stopSignal((name) => progress.line(`${name}: stopping.`)),
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
