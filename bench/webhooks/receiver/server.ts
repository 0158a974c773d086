// The receiver's process: answers at once, and remembers when each message was there as a whole.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { machineMs } from '../clock.js';

const deliveries: string[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  if (path === '/arrivals') {
    response.end(deliveries.splice(0).join('\n'));
  } else if (path.startsWith('/failing')) {
    response.writeHead(500).end();
  } else if (!path.startsWith('/hanging')) {
    deliveries.push(`${request.headers['webhook-id']?.toString() ?? ''} ${path} ${machineMs()}`);
    response.writeHead(204).end();
  }
}

// Kept for longer than anybody keeps his side: no connection ends just as it is used again.
const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  request.resume().once('end', () => answer(request, response));
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('receiver is listening'));
process.once('SIGTERM', () => process.exit(0));
