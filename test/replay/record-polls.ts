import { it } from 'vitest';
import { nothingFound, openPollWorkflows } from '../workflows/poll-harness.js';
import { record } from './recording.js';

it('polls: with news, refused, tried again, of the environment', async () => {
  const answers = [
    () => Promise.resolve({ ...nothingFound, changed: 3, comments: 1, statuses: 2, more: true }),
    () => Promise.resolve({ ...nothingFound, failed: 'http_401' }),
    () => Promise.reject(new Error('MongoDB is away')),
  ];
  const { client, start, close } = await openPollWorkflows(() =>
    (answers.shift() ?? (() => Promise.resolve(nothingFound)))(),
  );
  const run = async (name: string, orgId: string | null) => {
    const { handle } = await start({ name, orgId, provider: 'jira' });
    await handle.result();
    return handle.workflowId;
  };
  await record(client, await run('con_1', 'acme'), 'poll-with-news');
  await record(client, await run('con_2', 'acme'), 'poll-refused');
  await record(client, await run('env-jira', null), 'poll-tried-again');
  await close();
});
