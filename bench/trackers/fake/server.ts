// A fake tracker's process: what it computes is not counted with the product. Its other port says what it has been asked.
import { createServer } from 'node:http';
import { startFakeJira } from '../../../test/support/fake-jira.js';
import { startFakeServiceNow } from '../../../test/support/fake-servicenow.js';
import type { Asked, TrackerName } from './fake.js';

interface Served {
  /** What `POST /connections` takes. */
  connection: object;
  /** The requests since the last look; forgotten then, as a long run would fill the memory with them. */
  taken: () => { operation: string; faults: string[] }[];
}

async function jira(): Promise<Served> {
  const fake = await startFakeJira();
  const { baseUrl, email, apiToken } = fake.credentials;
  const settings = { base_url: baseUrl, email, project_key: 'SEC', ...rarelyPolled };
  return {
    connection: { provider: 'jira', name: 'Jira', default: true, settings, secrets: { api_token: apiToken } },
    taken: () => fake.requests.splice(0),
  };
}

async function servicenow(): Promise<Served> {
  const auth = { kind: 'basic', username: 'integration', password: 'of-the-benchmark' } as const;
  const fake = await startFakeServiceNow({ auth });
  const settings = { base_url: fake.url, username: auth.username, ...rarelyPolled };
  const secrets = { api_token: auth.password };
  return {
    connection: { provider: 'servicenow', name: 'ServiceNow', default: true, settings, secrets },
    taken: () => fake.requests.splice(0).map(({ call, faults }) => ({ operation: call, faults })),
  };
}

function asked({ taken }: Served): Asked {
  const requests = taken();
  const calls: Asked['calls'] = {};
  for (const { operation } of requests) calls[operation] = (calls[operation] ?? 0) + 1;
  return { calls, faults: requests.flatMap(({ faults }) => faults) };
}

/** Polls are calls of no link. */
const rarelyPolled = { poll_interval_seconds: 86_400 };
const trackers: Record<TrackerName, () => Promise<Served>> = { jira, servicenow };
const served = await trackers[process.env.TRACKER as TrackerName]();

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  request.resume();
  response.end(JSON.stringify(request.url === '/connection' ? served.connection : asked(served)));
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('fake tracker is listening'));
process.once('SIGTERM', () => process.exit(0));
